"""The check of advice to stop a medicine: what tells a patient to, and what does not."""

from __future__ import annotations

import pytest

from education import actions
from education.models import Page
from education.quality import ERROR
from education.quality.document import findings_of
from education.quality.example_guide import IN_ORDER
from education.quality.examples import EntryWith, Text
from tests import builders
from tests.education.example_entries import CARE_STEP


def _found(name: str, *changes) -> list[tuple[str, str, int | None, int | None]]:
    case = IN_ORDER
    for change in changes:
        case = change.applied(case)
    return [(one.level, one.place, one.line, one.entry) for one in findings_of(case) if one.check == name]


def _on_cost(name: str, markdown: str) -> list[str]:
    return [level for level, place, _line, _entry in _found(name, Text("cost", markdown)) if place == "cost"]


@pytest.mark.parametrize(
    "text",
    [
        "Stop taking aspirin.",
        "Stop your blood thinner 3 days before.",
        "You must stop all blood-thinning medicines.",
        "Come off your blood thinners.",
        "Pause your insulin.",
        "Quit taking ibuprofen.",
        "Skip your morning dose.",
        "Do not take your heart medicine.",
        "Don’t take NSAIDs for a week.",
        "Blood thinners should be stopped.",
        "Avoid taking aspirin.",
        "Do not smoke, and stop taking it.",
        "Stop the tablets that your doctor prescribed.",
        "Stop smoking. Stop your tablets.",
        "- **Stop** taking warfarin",
        "Medicines to stop",
        "Avoid aspirin for 7 days.",
        "Avoid all blood-thinning medicines.",
        "Avoid the use of NSAIDs.",
        "Avoid alcohol and aspirin.",
        "Avoid the sun, hot baths, alcohol or ibuprofen.",
        "Avoid all kinds of pain killers.",
        "Avoid pain medicines like Advil.",
        "You should avoid Plavix.",
        "Hold your warfarin for 3 days.",
        "You need to hold all blood-thinning tablets.",
        "Hold your next dose of insulin.",
        "Withhold metformin that day.",
        "Leave out your morning tablets.",
        "Leave your aspirin out for a week.",
        "Go without aspirin for a week.",
        "Stay off blood thinners.",
        "Stay away from ibuprofen.",
        "Refrain from taking Aleve.",
        "Do not use ibuprofen.",
        "Aspirin should be avoided.",
        "Warfarin must be held.",
        "Medicines to avoid",
        "Stop aspirin before you see the doctor.",
        "Our nurse says: stop aspirin.",
        "The doctor wants you to stop aspirin.",
        "Stop aspirin without asking your doctor.",
        "Stop:\n\n- aspirin",
        "Stop:\n\n- vitamins\n- ibuprofen",
        "Stop any of the following seven days before: aspirin",
        "Aspirin: stop 7 days before.",
        "Aspirin – stop 7 days before.",
        '!!! warning "Stop these:"\n    - aspirin',
        "- Stop:\n    - aspirin",
        "If you take aspirin, stop it a week before.",
        "No aspirin for a week.",
        "Take no aspirin.",
        "Aspirin should not be taken.",
        "Omit your morning insulin.",
        "Halve your warfarin.",
        "Do not smoke or take aspirin.",
        "Stop smoking and taking aspirin.",
        "Stop Eliquis / Xarelto / Ozempic.",
        "Stop Xarelto.",
        "Stop Ozempic.",
        "Be off blood thinners for a week.",
        "Wean yourself off your antidepressant.",
        "Give up your pills for a week.",
        "Cut out aspirin.",
        "Miss one dose of your blood thinner.",
        "Take a break from your blood thinner.",
        "Reduce your dose of insulin.",
        "Put your blood thinner on hold.",
        "Leave your insulin at home.",
        "Take your last dose of warfarin on day 5.",
        "Your last dose of warfarin is 5 days before.",
        "Discontinue retinoids.",
        "Drop the aspirin.",
        "Drop your daily blood thinner a week before.",
        "Ditch the aspirin.",
        "Lay off ibuprofen.",
        "Cut back on aspirin.",
        "Stop fish oil, vitamin E and aspirin.",
        "Stop herbal teas and your blood thinner.",
        "Aspirin: none for 7 days.",
        "Aspirin – none before the treatment.",
        "Aspirin and ibuprofen: not for a week before.",
        "Aspirin: avoid.",
        "You may not take aspirin.",
        "You cannot use ibuprofen that week.",
    ],
)
def test_telling_to_stop_a_medicine_is_an_error(text):
    assert _on_cost("medicine.stop", text) == [ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "Do not stop taking aspirin.",
        "Never stop your blood thinner by yourself.",
        "You do not need to stop your medicine.",
        "Ask the person who prescribed it before you pause your insulin.",
        "Stop aspirin only if your doctor says so.",
        "A pharmacist can tell you which tablets to skip.",
        "Should I stop my medicines?",
        "Tell us if you stop your tablets.",
        "Tell us if you miss a dose of your antibiotic.",
        "If you have missed a tablet, ask your doctor what to do.",
        "Tell us when your last dose of warfarin was.",
        "Leave your jewelry at home, and bring your tablets.",
        "It can reduce pain, so you may need fewer tablets.",
        "Do not give up your pills for this treatment.",
        "Ask us whether you should stop your blood thinner.",
        "Stop smoking and skip alcohol.",
        "Quit smoking before you take medicines.",
        "Stop the massage if it hurts.",
        "Take your medicine as always.",
        "Do not take more than 4 tablets.",
        "The drug stops working.",
        "Avoid the sun, alcohol and hard exercise.",
        "Avoid alcohol and drugs.",
        "Avoid street drugs.",
        "Avoid alcohol while you take antibiotics.",
        "Avoid alcohol with your tablets.",
        "Avoid stopping your tablets.",
        "Avoid mixing medicines.",
        "Avoid drug interactions: tell us what you take.",
        "Avoid side effects of the medicine.",
        "Avoid high doses.",
        "Avoid the sun, and take your tablets as always.",
        "Avoid the sun and take your medicine as always.",
        "Avoid alcohol, bring your tablets.",
        "Some clinics avoid steroids.",
        "A cold pack helps to avoid pain killers.",
        "Hold your breath.",
        "Hold a cold pack to the skin.",
        "Hold the tablet under your tongue.",
        "Hold the dose at 5 mg.",
        "Leave the tablets out of reach of children.",
        "Avoid insulin spikes.",
        "Hold still. Your medicine is on the table.",
        "Stay off your feet.",
        "Go without make-up.",
        "Do not avoid your medicines.",
        "Do not go without your insulin.",
        "Never hold your warfarin on your own.",
        "Ask your doctor whether to hold your warfarin.",
        "Avoid aspirin only if your doctor says so.",
        "Should I avoid aspirin?",
        "Tell us if you avoid ibuprofen.",
        "Stop aspirin only when your doctor tells you.",
        "Take aspirin unless your doctor tells you to stop it.",
        "Do not stop aspirin unless your doctor says so.",
        "Talk to your own doctor before you stop aspirin.",
        "Check with us or your pharmacist before you stop aspirin.",
        "Call the person who prescribed it before you stop aspirin.",
        "Your prescriber decides whether you stop aspirin.",
        "Ask your doctor whether to stop:\n\n- aspirin",
        "Stop:\n\n- smoking\n\nTake your aspirin.",
        "Bring:\n\n- your tablets",
        "- Stop:\n    - smoking\n- Your tablets in a bag",
        "Stop the massage if it hurts: take your tablets.",
        "There is no medicine for this.",
        "You have diabetes and use no insulin.",
        "People who take no blood thinners bruise less.",
        "Tell us if you take no medicines.",
        "If you take aspirin, do not stop it.",
        "No drug is approved for this use.",
        "The numbing medicine burns at first, and then you can leave it on.",
        "Aspirin: tell us.",
        "Stop smoking: your tablets work better.",
        "Stop fish oil and vitamin E.",
        "Drop a tablet of aspirin into water.",
        "Put one drop of the medicine in your eye.",
        "Drop off your tablets at the desk.",
        "Drop the tablet into water.",
        "Side effects of aspirin: none for most people.",
        "Allergy to aspirin: none.",
        "Stop the injection, and check your medicine list.",
        "Stop the session, and the medicine is washed out.",
        "Tell us if you cannot take ibuprofen.",
        "Tell us why you can’t take ibuprofen.",
    ],
)
def test_what_does_not_tell_to_stop_a_medicine(text):
    assert _on_cost("medicine.stop", text) == []


def test_the_words_before_a_list_are_read_with_its_items_once():
    text = "Stop aspirin on Monday. Then bring:\n\n- vitamins\n- your tablets"
    assert _found("medicine.stop", Text("cost", text)) == [(ERROR, "cost", 1, None)]
    text = "Rest. Stop:\n\n- smoking\n- aspirin\n- ibuprofen"
    assert _found("medicine.stop", Text("cost", text)) == [(ERROR, "cost", 4, None), (ERROR, "cost", 5, None)]
    text = "Stop:\n\n- aspirin, but only if your doctor tells you"
    assert _found("medicine.stop", Text("cost", text)) == []


def test_a_care_step_that_stops_a_medicine_is_named():
    step = EntryWith("preparation", 2, {"text": "Stop aspirin.", "ask_prescriber": True})
    assert _found("medicine.stop", step) == [(ERROR, "preparation", None, 2)]


@pytest.mark.parametrize("kind", [Page.Kind.PREPARATION, Page.Kind.WHAT_HAPPENS, Page.Kind.RECOVERY])
def test_no_plan_can_come_to_say_it_whoever_submits_and_for_whatever_reason(cast, kind):
    guide = builders.guide(cast["author"])
    step = {**CARE_STEP, "text": "Stop aspirin a week before.", "ask_prescriber": True}
    write = builders.write if guide.pages.filter(kind=kind).exists() else builders.page
    write(guide, cast["author"], kind, "Rest.", entries=[step])
    for who in ("author", "owner"):
        with pytest.raises(actions.Blocked) as blocked:
            builders.submitted(guide, cast[who], reasons={f"medicine.stop {kind}": "We always say so."})
        assert [one.key for one in blocked.value.missing] == [f"medicine.stop {kind}"]
    assert guide.editions.count() == 0


def test_the_owner_may_pass_it_on_a_page_but_not_the_step_beside_it(cast):
    guide = builders.guide(cast["author"])
    kind, reasons = Page.Kind.RECOVERY, {"medicine.stop recovery": "It quotes a web page."}
    step = {**CARE_STEP, "text": "Rest."}
    builders.page(guide, cast["author"], kind, "A web page says: stop aspirin.", entries=[step])
    builders.write(guide, cast["author"], kind, "A web page says: stop aspirin.", [{**step, "text": "Stop aspirin."}])
    with pytest.raises(actions.Blocked):
        builders.submitted(guide, cast["owner"], reasons=reasons)
    builders.write(guide, cast["author"], kind, "A web page says: stop aspirin.", [step])
    assert builders.submitted(guide, cast["owner"], reasons=reasons).number == 1
