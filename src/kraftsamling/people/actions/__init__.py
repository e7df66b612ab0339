"""Every write about organisations and people: check, write, record, announce."""

from kraftsamling.people.actions.invitations import (
    accept_invitation,
    invite_person,
    renew_invitation,
    withdraw_invitation,
)
from kraftsamling.people.actions.memberships import (
    appoint_substitute,
    change_membership,
    end_membership,
    give_role,
)
from kraftsamling.people.actions.networks import (
    change_network,
    create_network,
    join_network,
    leave_network,
)
from kraftsamling.people.actions.organisations import (
    change_organisation,
    create_organisation,
    deactivate_organisation,
    reactivate_organisation,
    remove_logo,
    set_logo,
)
from kraftsamling.people.actions.own_account import erase_own_account, record_own_export
from kraftsamling.people.actions.persons import (
    change_own_details,
    change_own_email,
    deactivate_person,
    reactivate_person,
    register_person,
)
from kraftsamling.people.actions.reading import record_reading
from kraftsamling.people.actions.roles import change_role, create_role, ensure_standard_roles
from kraftsamling.people.actions.tokens import create_token, note_token_use, revoke_token

__all__ = [
    "accept_invitation",
    "appoint_substitute",
    "change_membership",
    "change_network",
    "change_organisation",
    "change_own_details",
    "change_own_email",
    "change_role",
    "create_network",
    "create_organisation",
    "create_role",
    "create_token",
    "deactivate_organisation",
    "deactivate_person",
    "end_membership",
    "ensure_standard_roles",
    "erase_own_account",
    "give_role",
    "invite_person",
    "join_network",
    "leave_network",
    "note_token_use",
    "reactivate_organisation",
    "reactivate_person",
    "record_own_export",
    "record_reading",
    "register_person",
    "remove_logo",
    "renew_invitation",
    "revoke_token",
    "set_logo",
    "withdraw_invitation",
]
