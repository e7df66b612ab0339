"""Who may open what: the one table of audiences.

Every named address of the site stands here. An address that does not is refused to everyone, so
forgetting a line shows at once and never opens a door. The view still asks the room's `access`
for the object itself: this table says who may knock, the room says what they find.
"""

from dataclasses import dataclass

from kraftsamling.people.permissions import Permission
from kraftsamling.people.rules import Standing


@dataclass(frozen=True)
class Audience:
    """Everyone, the signed-in, or those who hold one of some permissions."""

    is_public: bool = False
    permissions: frozenset[str] = frozenset()
    demo_only: bool = False

    def admits(self, *, is_signed_in: bool, standing: Standing) -> bool:
        if self.is_public:
            return True
        if not is_signed_in:
            return False
        return not self.permissions or any(standing.may(code) for code in self.permissions)


EVERYONE = Audience(is_public=True)
SIGNED_IN = Audience()
DEMO = Audience(is_public=True, demo_only=True)


def holders_of(*permissions: Permission) -> Audience:
    return Audience(permissions=frozenset(permissions))


# Keys are view names ("namespace:name"), or "namespace:*" for a whole folder with one audience.
AUDIENCES: dict[str, Audience] = {
    "healthz": EVERYONE,
    "readyz": EVERYONE,
    "favicon": EVERYONE,
    # The API asks for a token and a scope by itself, per operation: see api/security.py.
    "api:*": EVERYONE,
    "design:*": EVERYONE,
    "city:home": EVERYONE,
    "city:places": EVERYONE,
    "city:places-geojson": EVERYONE,
    "city:place-search": EVERYONE,
    "city:place": EVERYONE,
    "city:areas": EVERYONE,
    "city:areas-geojson": EVERYONE,
    "city:area": EVERYONE,
    "city:guard-names": EVERYONE,
    "city:about": EVERYONE,
    "city:accessibility": EVERYONE,
    "city:privacy": EVERYONE,
    # Signing in. The library's own addresses have no namespace.
    "account_login": EVERYONE,
    "account_logout": EVERYONE,
    "account_signup": EVERYONE,
    "account_inactive": EVERYONE,
    "account:link": EVERYONE,
    "account:link-sent": EVERYONE,
    "account:link-open": EVERYONE,
    "account:invitation": EVERYONE,
    "account:email-confirm": EVERYONE,
    "account:erased": EVERYONE,
    "mfa_authenticate": EVERYONE,
    "mfa_login_webauthn": EVERYONE,
    "openid_connect_login": EVERYONE,
    "openid_connect_callback": EVERYONE,
    "demo": DEMO,
    "demo-enter": DEMO,
    "demo-mail": DEMO,
    # One's own account.
    "account:*": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "city:organisations": EVERYONE,
    "city:organisation": EVERYONE,
    "city:organisation-logo": EVERYONE,
    "desk:home": SIGNED_IN,
    "desk:places:*": holders_of(Permission.PLACES_EDIT),
    "desk:places:list": holders_of(Permission.PLACES_EDIT, Permission.PLACES_IMPORT),
    "desk:places:import": holders_of(Permission.PLACES_IMPORT),
    "desk:places:import-areas": holders_of(Permission.PLACES_IMPORT),
    "desk:places:import-template": holders_of(Permission.PLACES_IMPORT),
    "desk:places:import-preview": holders_of(Permission.PLACES_IMPORT),
    "desk:places:problems": holders_of(Permission.PLACES_IMPORT),
    # Organisations and the people in them. Which organisation: see people/access.py.
    "desk:people:organisations": holders_of(
        Permission.ORGANISATION_EDIT, Permission.PEOPLE_READ, Permission.TOKENS_MANAGE
    ),
    "desk:people:organisation-new": holders_of(Permission.ORGANISATIONS_CREATE),
    "desk:people:organisation-edit": holders_of(Permission.ORGANISATION_EDIT),
    "desk:people:organisation-networks": holders_of(Permission.ORGANISATION_EDIT),
    "desk:people:organisation-close": holders_of(Permission.ORGANISATIONS_CREATE),
    "desk:people:organisation-open": holders_of(Permission.ORGANISATIONS_CREATE),
    "desk:people:people": holders_of(Permission.PEOPLE_READ),
    "desk:people:invite": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:give": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:invitation-renew": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:invitation-withdraw": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:membership": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:membership-end": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:substitute": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:shut-out": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:let-in": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:tokens": holders_of(Permission.TOKENS_MANAGE),
    "desk:people:token-new": holders_of(Permission.TOKENS_MANAGE),
    "desk:people:token-revoke": holders_of(Permission.TOKENS_MANAGE),
    "desk:people:networks": holders_of(Permission.ORGANISATIONS_CREATE),
    "desk:people:network-new": holders_of(Permission.ORGANISATIONS_CREATE),
    "desk:people:network": holders_of(Permission.ORGANISATIONS_CREATE),
    "desk:people:roles": holders_of(Permission.PEOPLE_READ, Permission.ORGANISATION_EDIT),
    "desk:people:role-new": holders_of(Permission.PEOPLE_MANAGE),
    "desk:people:role": holders_of(Permission.PEOPLE_MANAGE),
    "desk:groups:*": holders_of(Permission.GROUPS_READ),
    "desk:trail:*": holders_of(Permission.TRAIL_READ),
    # The view asks for the right to read the history as well.
    "desk:trail:erase": holders_of(Permission.OPERATION_MANAGE),
    "desk:operation:overview": holders_of(Permission.OPERATION_READ),
    "desk:operation:retry": holders_of(Permission.OPERATION_MANAGE),
    "desk:operation:retry-all": holders_of(Permission.OPERATION_MANAGE),
}


def audience_of(view_name: str) -> Audience | None:
    """The declared audience of an address, or None where nobody declared one."""
    namespace, _, _ = view_name.rpartition(":")
    return AUDIENCES.get(view_name) or AUDIENCES.get(f"{namespace}:*")
