"""Every public function of the actions, and those that write no line in the audit log, by the reason why not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import Any

# Public functions of the actions that write no line, by the reason why not.
WITHOUT = {
    "they compute, look up or refuse, and write nothing": (
        *("education.dates.months_after", "education.archive.require_not_archived", "education.proof.record_text"),
        *("education.decisions.next_review_due", "education.entries.canonical_entries", "education.library.reencoded"),
        *("education.library.next_check_of", "education.publication.pending_publication"),
        "education.decisions.require_judged",
        *(f"education.identity.{one}" for one in ("bare_doi", "bare_pmid", "identifiers", "twins", "perhaps_same")),
        *("education.identity.why_taken", "education.identity.may_be_another", "education.webp.is_bare_webp"),
        *(f"education.import_changes.{one}" for one in ("changes_of", "with_order", "matching_pages", "slug_of")),
        *("education.import_changes.entries_in", "education.import_changes.library_facts"),
        *(f"education.pictures.{one}" for one in ("received", "opened", "cleaned", "in_width", "as_webp")),
        *("education.image_files.image_path", "education.image_files.smaller_path", "education.notices.reviewers_told"),
        *("education.search.searchable", "education.search.unindexed_guides", "education.writing.check_guide_slug"),
        *(f"education.signing.{one}" for one in ("log_once_kept", "locked_guide", "locked_edition", "signature")),
        *("clinic.digest.readers", "clinic.digest.digest_of", "clinic.facts.logo_path", "clinic.prices.faults"),
        *("clinic.invitations.invitation_of", "education.visitors.household"),
        *("clinic.first_owner.why_not_first_owner", "clinic.prices.fill_in_pairs", "clinic.requests.why_not"),
        *(f"clinic.places.{one}" for one in ("is_point", "wrong_times", "wrong_days", "same_beginning", "times_of")),
    ),
    "they are a part of an action that writes the line": (
        *("education.auditing.audit", "education.auditing.audit_edition", "education.entries.write_entries"),
        *("education.submission.write_rendering", "education.image_files.keep_image", "education.pictures.keep_file"),
        *("clinic.sign_in.end_sign_ins", "clinic.sign_in.end_sign_ins_elsewhere"),
        *("education.image_files.smaller_file", "education.search.write_search_rows"),
        "education.search.remove_unsearchable_rows",
    ),
    "they change the working copy, which no patient sees; each saved text is kept with its writer": (
        *(f"education.writing.{one}" for one in ("create_guide", "add_page", "save_page", "move_page", "remove_page")),
        *("education.writing.put_back_page", "education.replies.reply_to_comment"),
        *(f"education.beginning.{one}" for one in ("begin_guide", "begin_page", "copy_guide", "copy_own_guide")),
    ),
    "each thing that it writes outside the working copy has its own line": ("education.importing.import_guide",),
    "they keep what a reviewer notes before deciding; the decision has its line": tuple(
        f"education.reviewing.{one}" for one in ("keep_draft", "add_comment", "remove_comment", "answer_as_before")
    ),
    "they write anew what follows from the record": (
        *("education.search.rebuild_search_rows", "education.search.forget_unused_words"),
    ),
    "it writes files, and whoever calls it holds the server": ("education.exporting.export_guide",),
    "visitors do it, who have no account and whose address is not kept": (
        *("clinic.sign_in.send_new_password", "clinic.sign_in.send_new_password_later"),
        *("education.mistakes.report_mistake", "clinic.requests.ask", "education.visitors.count_sending"),
    ),
    "the clock does it, and each erased request leaves its own row": (
        *("education.mistakes.erase_old_addresses", "education.visitors.forget_counts", "clinic.retention.purge"),
        *("clinic.retention.look_after", "clinic.retention.flag", "clinic.retention.erase_again"),
    ),
    "they send mail about what has its line": (
        *(f"education.mail.{one}" for one in ("post", "send_pending", "send_one")),
        *(
            f"education.notices.{one}"
            for one in ("tell_reviewers", "tell_submitter", "tell_of_mistake", "answer_reader")
        ),
        *(f"clinic.desk_mail.{one}" for one in ("tell_of_new_request", "tell_of_waiting", "tell_of_soon_erased")),
        *("clinic.digest.send_digests", "clinic.sign_in.tell_of_change"),
    ),
}
REASONS = {name: reason for reason, names in WITHOUT.items() for name in names}


def public_actions() -> dict[str, Any]:
    """Return every public function of the actions, by its app, module and name."""
    found = {}
    for app in ("education", "clinic"):
        package = importlib.import_module(f"{app}.actions")
        for module in pkgutil.iter_modules(package.__path__):
            here = importlib.import_module(f"{app}.actions.{module.name}")
            for name, function in vars(here).items():
                if inspect.isfunction(function) and function.__module__ == here.__name__ and not name.startswith("_"):
                    found[f"{app}.{module.name}.{name}"] = function
    return found
