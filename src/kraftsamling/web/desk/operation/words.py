"""The installation's state in words."""

from django.template.defaultfilters import date as format_date
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from kraftsamling.operation.checks import Finding, State
from kraftsamling.operation.queries import Job

# code → (title, text). The text is filled with the finding's figures.
_FINDINGS = {
    "database.sqlite": (_("Databas"), _("SQLite %(version)s svarar.")),
    "database.postgresql": (_("Databas"), _("PostgreSQL %(version)s svarar.")),
    "database.silent": (_("Databas"), _("Databasen svarar inte (%(error)s).")),
    "sqlite.new_enough": (_("SQLite"), _("Version %(version)s. Minst %(oldest)s behövs.")),
    "sqlite.too_old": (
        _("SQLite"),
        _("Version %(version)s är för gammal. Minst %(oldest)s behövs: byt till ett nyare system."),
    ),
    "durability.safe": (_("Hållbarhet"), _("Det som är sparat finns på disken.")),
    "durability.unsafe": (
        _("Hållbarhet"),
        _("Ett strömavbrott kan förstöra det som nyss sparades (%(setting)s)."),
    ),
    "migrations.applied": (_("Tabeller"), _("Tabellerna passar programmet.")),
    "migrations.waiting": (
        _("Tabeller"),
        _("%(count)s ändringar väntar. Kör: kraftsamling migrate"),
    ),
    "storage.good": (_("Lagring"), _("Disken är full till %(percent)s %%. %(free)s är ledigt.")),
    "storage.filling": (
        _("Lagring"),
        _("Disken är full till %(percent)s %%. Bara %(free)s är ledigt: gör plats snart."),
    ),
    "storage.not_writable": (_("Lagring"), _("Det går inte att skriva filer: %(error)s.")),
    "queue.good": (_("Jobb"), _("Arbetare i gång: %(workers)s.")),
    "queue.failed": (_("Jobb"), _("Arbetare i gång: %(workers)s. Misslyckade jobb: %(failed)s.")),
    "queue.no_worker": (
        _("Jobb"),
        _("Ingen arbetare är i gång, så inga mejl går ut. Kör: kraftsamling worker"),
    ),
    "backup.good": (_("Säkerhetskopia"), _("Senast %(made_at)s (%(size)s).")),
    "backup.old": (
        _("Säkerhetskopia"),
        _("Den senaste är från %(made_at)s. Kör: kraftsamling backup FIL"),
    ),
    "backup.none": (
        _("Säkerhetskopia"),
        _("Ingen har gjorts än. Kör: kraftsamling backup FIL"),
    ),
    "mail.sent": (_("Mejl"), _("Skickas genom mejlservern.")),
    "mail.demo": (_("Mejl"), _("I demon skrivs mejl till filer, se /demo/mail.")),
    "mail.to_files": (
        _("Mejl"),
        _("Skrivs till filer, så ingen får dem. Ange KRAFTSAMLING_EMAIL_URL."),
    ),
}
_STATES = {
    State.GOOD: (_("Bra"), "success", "check"),
    State.WARNING: (_("Se efter"), "warning", "warning"),
    State.PROBLEM: (_("Fel"), "danger", "danger"),
}
_JOBS = {
    "send_mail": _("Skicka mejl"),
    "clear_sessions": _("Ta bort gamla inloggningar"),
    "discard_import_drafts": _("Ta bort gamla filer som bara förhandsgranskats"),
    "prune_finished_jobs": _("Ta bort gamla jobb ur kön"),
    "tend_database": _("Sköta om databasen"),
    "verify_trail": _("Kontrollera historikens kedja"),
}
_ERRORS = {
    "WorkerGone": _("Arbetaren försvann varje gång jobbet kördes."),
    "TimeLimitError": _("Jobbet tog för lång tid och stoppades."),
    "ConnectionRefusedError": _("Servern som jobbet behöver tog inte emot anropet."),
    "TimeoutError": _("Servern som jobbet behöver svarade inte i tid."),
    "SMTPAuthenticationError": _("Mejlservern godtog inte inloggningen."),
    "SMTPServerDisconnected": _("Mejlservern bröt anslutningen."),
    "SMTPRecipientsRefused": _("Mejlservern tog inte emot adressen."),
    "GiveUpError": _("Jobbet gav upp: det hjälper inte att försöka igen."),
}


def finding_words(finding: Finding) -> dict[str, object]:
    """A finding as the page shows it: title, text, and its state as a badge."""
    title, text = _FINDINGS[finding.code]
    word, color, icon = _STATES[finding.state]
    figures = dict(finding.figures)
    if "made_at" in figures:
        figures["made_at"] = format_date(localtime(figures["made_at"]), "j E Y H:i")  # type: ignore[arg-type]
    for name in ("free", "size"):
        if name in figures:
            figures[name] = filesizeformat(int(str(figures[name])))
    return {
        "title": title,
        "text": text % figures if figures else str(text),
        "state": word,
        "color": color,
        "icon": icon,
    }


def job_words(job: Job) -> dict[str, object]:
    """A job as the page shows it. An error is named and placed; its own text is never shown."""
    return {
        "job": job,
        "name": _JOBS.get(job.name, job.name),
        "error": _ERRORS.get(job.error_name, job.error_name),
    }
