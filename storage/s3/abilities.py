"""What a store really does: each ability is tried on small objects, for stores differ and lie.

Some take an unknown request for a plain one and answer that all is well.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dataspace.errors import AssetNotFound, AssetsUnavailable
from dataspace.ports import Ability, AnnouncedFile, DirectUpload
from dataspace.quantity import Clock
from storage.abilities import abilities_of
from storage.s3.checksums import checksum
from storage.s3.client import S3
from storage.s3.place import EVIDENCE, PROBES, At, Place
from storage.s3.policies import folder_policy
from storage.s3.refusals import AssetsRefused, ConditionFailed

LOCKED_SECONDS: Final = 60
LENT_SECONDS: Final = 3600
CONTENT: Final = b"tried"
MEDIA_TYPE: Final = "text/plain"
RULES_MIN: Final = 2


def tried(s3: S3, place: Place, clock: Clock) -> list[Ability]:
    """Raises:  AssetsUnavailable, when the store does not answer at all."""
    trial = _Trial(s3, place, clock, secrets.token_hex(8))
    s3.has(place.files)
    working = {name for name, works in TRIALS.items() if _works(works, trial)}
    # What failed only because the store went away has not been tried.
    s3.has(place.files)
    return abilities_of(working, lacking=TRIALS.keys() - working)


@dataclass(frozen=True, slots=True)
class _Trial:
    s3: S3
    place: Place
    clock: Clock
    name: str

    @property
    def file(self) -> At:
        return At(self.place.files, f"{PROBES}{self.name}")

    @property
    def proof(self) -> At:
        return At(self.place.evidence, f"{EVIDENCE}{PROBES}{self.name}")


def _works(works: Callable[[_Trial], bool], trial: _Trial) -> bool:
    """What is refused in whatever way does not work."""
    try:
        return works(trial)
    except (AssetsUnavailable, AssetNotFound, ConditionFailed):
        return False
    finally:
        with suppress(AssetsUnavailable):
            trial.s3.remove(trial.file)


def _object_lock(trial: _Trial) -> bool:
    until = trial.clock.now() + timedelta(seconds=LOCKED_SECONDS)
    lock = {
        "x-amz-object-lock-mode": "COMPLIANCE",
        "x-amz-object-lock-retain-until-date": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    answered = _sent(trial, trial.proof, lock)
    mode = trial.s3.look(trial.proof).headers.get("x-amz-object-lock-mode", "")
    try:
        trial.s3.remove(trial.proof, answered.get("x-amz-version-id"))
    except AssetsUnavailable:
        return mode == "COMPLIANCE"
    return False


def _versioning(trial: _Trial) -> bool:
    """Two of a name, both there."""
    versions = {_sent(trial, trial.proof, {}).get("x-amz-version-id", "") for _ in range(2)}
    return "" not in versions and len(versions) > 1


def _encryption(trial: _Trial) -> bool:
    _sent(trial, trial.file, {})
    return bool(trial.s3.look(trial.file).headers.get("x-amz-server-side-encryption"))


def _conditional_put(trial: _Trial) -> bool:
    trial.s3.put(trial.file, CONTENT, once=True)
    try:
        trial.s3.put(trial.file, b"again", once=True)
    except ConditionFailed:
        return trial.s3.look(trial.file).bytes == len(CONTENT)
    return False


def _checksums(trial: _Trial) -> bool:
    try:
        trial.s3.send(trial.file, CONTENT, checksum(bytes(32)))
    except AssetsRefused:
        return False
    except AssetsUnavailable:
        return True
    return False


def _lifecycle(trial: _Trial) -> bool:
    rules = trial.s3.configuration(trial.place.files, "lifecycle")
    return rules.count(b"<Rule>") >= RULES_MIN


def _temporary_credentials(trial: _Trial) -> bool:
    """Inside of its folder it may, outside it may not."""
    folder = f"{PROBES}{trial.name}"
    policy = folder_policy(trial.place, folder)
    lent = S3(trial.place, trial.s3.lent(policy, seconds=LENT_SECONDS))
    inside = At(trial.place.files, f"{folder}/inside")
    lent.put(inside, CONTENT)
    trial.s3.remove(inside)
    try:
        lent.put(At(trial.place.files, f"{folder}-outside"), CONTENT)
    except AssetsRefused:
        return True
    trial.s3.remove(At(trial.place.files, f"{folder}-outside"))
    return False


def _nested_keys(trial: _Trial) -> bool:
    inside = At(trial.place.files, f"{trial.file.name}/inside")
    trial.s3.put(trial.file, CONTENT)
    try:
        trial.s3.put(inside, CONTENT)
        listed = {each.key for each in trial.s3.listing(trial.place.files, trial.file.name)}
    finally:
        with suppress(AssetsUnavailable, AssetNotFound):
            trial.s3.remove(inside)
    return listed >= {trial.file.name, inside.name}


def _direct_upload(trial: _Trial) -> bool:
    """What fits is taken, by link and by form, and what is larger is not."""
    fits = [trial.s3.follow(each, CONTENT, MEDIA_TYPE) for each in _uploads(trial)]
    larger = [trial.s3.follow(each, CONTENT * 2, MEDIA_TYPE) for each in _uploads(trial)]
    return max(fits) < 300 <= min(larger) and trial.s3.look(trial.file).bytes == len(CONTENT)


def _announced_upload(trial: _Trial) -> bool:
    """What has another type is not taken, nor other content of the same size."""
    others = ((CONTENT, "text/html"), (CONTENT[::-1], MEDIA_TYPE))
    answered = [trial.s3.follow(each, *other) for each in _uploads(trial) for other in others]
    return min(answered) >= 400


def _uploads(trial: _Trial) -> list[DirectUpload]:
    """By the address that we ourselves use, which need not be the one that uploaders use."""
    announced = AnnouncedFile(len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), MEDIA_TYPE)
    return [
        sign(trial.file, announced, now=trial.clock.now(), seconds=LOCKED_SECONDS,
             address=trial.place.address)
        for sign in (trial.s3.upload_link, trial.s3.upload_form)
    ]  # fmt: skip


def _sent(trial: _Trial, at: At, headers: Mapping[str, str]) -> Mapping[str, str]:
    digest = hashlib.sha256(CONTENT).digest()
    return trial.s3.send(at, CONTENT, {**headers, **checksum(digest)})


TRIALS: Final[dict[str, Callable[[_Trial], bool]]] = {
    "object_lock": _object_lock,
    "versioning": _versioning,
    "server_side_encryption": _encryption,
    "conditional_put": _conditional_put,
    "checksums": _checksums,
    "lifecycle": _lifecycle,
    "temporary_credentials": _temporary_credentials,
    "nested_keys": _nested_keys,
    "direct_upload": _direct_upload,
    "announced_upload": _announced_upload,
}
