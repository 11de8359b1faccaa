"""Questions with short answers; see `src/envs/datasets/qa-env.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.remote_env import RemoteEnv


class QaEnv(RemoteEnv):
    """Answer a question of a dataset in a few words."""

    _gem_class: ClassVar[str] = "QaEnv"

    def __init__(
        self,
        dataset_name: str = "",
        split: str | None = None,
        dataset: Any = None,
        question_key: str = "question",
        answer_key: str = "answer",
        seed: int | None = 0,
        extract_boxed: bool = False,
        load_from_cache_file: bool = True,
        **options: Any,
    ) -> None:
        r"""Makes an environment over the rows of a dataset, which are loaded at the first reset.

        Args:
            dataset_name: a repository of the Hugging Face hub, or the path of a file or folder.
            split: which split, where there are several.
            dataset: the rows themselves: a `datasets.Dataset`, or a list of mappings.
            question_key: the column of questions.
            answer_key: the column of answers: texts, numbers, or lists of them.
            seed: what the order of the rows follows from; None draws it.
            extract_boxed: whether the answer is read from `\boxed{…}` rather than `<answer>` tags.
            load_from_cache_file: accepted as upstream's.
            **options: `config`, `revision`, `prompts`.
        """
        super().__init__(
            dataset_name=dataset_name,
            split=split,
            dataset=dataset,
            question_key=question_key,
            answer_key=answer_key,
            seed=seed,
            extract_boxed=extract_boxed,
            load_from_cache_file=load_from_cache_file,
            **options,
        )
