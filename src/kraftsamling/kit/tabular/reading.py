"""The door for tables: look at the bytes, not at the file's name, and read what it is."""

from django.utils.translation import gettext as _

from kraftsamling.kit.tabular.delimited import read_delimited
from kraftsamling.kit.tabular.problems import unreadable
from kraftsamling.kit.tabular.table import Limits, Table, refuse_if_too_large
from kraftsamling.kit.tabular.workbook import read_workbook

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"<?xml", b"<!DOC")


def read_table(data: bytes, *, limits: Limits | None = None) -> Table:
    """Read CSV or Excel, told apart by content. Raises UnreadableFile saying what to do."""
    limits = limits or Limits()
    refuse_if_too_large(len(data), limits)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise unreadable("empty", _("Filen är tom."), _("Välj en fil med uppgifter i."))
    if data.startswith(_ZIP):
        return read_workbook(data, limits=limits)
    if data.startswith(_OLD_OFFICE):
        raise unreadable(
            "old_workbook",
            _("Filen är i det gamla Excelformatet (.xls) eller lösenordsskyddad."),
            _("Öppna den i Excel och spara den som .xlsx utan lösenord."),
        )
    if data.startswith(_OTHER_KINDS):
        raise unreadable(
            "not_a_table",
            _("Filen är inte en tabell."),
            _("Välj en Excelfil (.xlsx) eller en CSV-fil."),
        )
    return read_delimited(data, limits=limits)
