"""A club's weights in a file: with the version of their form and the time of their training, and no code in it."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse

from bot.shortlist.learned.base_models import BaseModels
from bot.shortlist.model import ModelUnusable

WEIGHTS_VERSION = 1


@dataclass(frozen=True)
class Weights:
    """What was learned from one taste: its models, the rarity of words, the time, and the choices that it rests on."""

    models: BaseModels
    idf: Any
    trained_at: datetime
    choices: int


def save(weights: Weights, path: Path) -> None:
    """Write the weights; a crash leaves the old file."""
    models = weights.models
    head = {
        "version": WEIGHTS_VERSION,
        "trained_at": weights.trained_at.isoformat(),
        "choices": weights.choices,
        "liked_keys": list(models.liked_keys),
        "authors": [
            models.picks_by_author, models.recent_by_author, models.crowd_by_author, models.papers_by_author,
            models.near_by_author, models.crowd_near_by_author
        ],
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("wb") as file:
        np.savez_compressed(
            file,
            head=np.frombuffer(json.dumps(head).encode(), dtype=np.uint8),
            idf=weights.idf,
            recent=models.recent,
            lasting=models.lasting,
            full=models.full,
            title=models.title,
            crowd=models.crowd,
            centroid=models.centroid,
            liked_ages=models.liked_ages,
            liked_data=models.liked.data,
            liked_indices=models.liked.indices,
            liked_starts=models.liked.indptr,
        )
    os.replace(unfinished, path)


def load(path: Path) -> Weights:
    """The weights of a file. Raises ModelUnusable, with a sentence, if it is of another version or broken."""
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            head: Mapping[str, Any] = json.loads(bytes(file["head"]))
            version = head["version"]
            if version == WEIGHTS_VERSION:
                return _weights(head, file)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ModelUnusable(
            f"The shortlist's weights in {path.name} cannot be read. They are trained again."
        ) from error
    raise ModelUnusable(
        f"The shortlist's weights in {path.name} are of version {version}, and this program reads version "
        f"{WEIGHTS_VERSION}. They are trained again."
    )


def _weights(head: Mapping[str, Any], file: Any) -> Weights:
    idf = file["idf"]
    liked = sparse.csr_matrix(
        (file["liked_data"], file["liked_indices"], file["liked_starts"]), shape=(len(head["liked_keys"]), len(idf))
    )
    models = BaseModels(
        file["recent"],
        file["lasting"],
        file["full"],
        file["title"],
        file["crowd"],
        file["centroid"],
        liked,
        file["liked_ages"],
        head["liked_keys"],
        *head["authors"],
    )
    return Weights(models, idf, datetime.fromisoformat(head["trained_at"]), head["choices"])
