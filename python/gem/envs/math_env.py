"""Mathematics problems from datasets; see `src/envs/datasets/math-env.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.remote_env import RemoteEnv


class MathEnv(RemoteEnv):
    """Solve a mathematics problem of a dataset."""

    _gem_class: ClassVar[str] = "MathEnv"

    def __init__(
        self,
        dataset_name: str = "",
        split: str | None = None,
        dataset: Any = None,
        question_key: str = "problem",
        answer_key: str = "answer",
        use_format_error_reward: bool = False,
        seed: int | None = 0,
        use_mp: bool = True,
        **options: Any,
    ) -> None:
        """Makes an environment over the rows of a dataset, which are loaded at the first reset.

        Args:
            dataset_name: a repository of the Hugging Face hub, or the path of a file or folder.
            split: which split, where there are several.
            dataset: the rows themselves: a `datasets.Dataset`, or a list of mappings.
            question_key: the column of problems.
            answer_key: the column of answers: texts, numbers, or lists of them.
            use_format_error_reward: whether a reply without a box earns -0.1.
            seed: what the order of the rows follows from; None draws it.
            use_mp: accepted as upstream's; grading never blocks here.
            **options: `eval` (True: the first epoch in the rows' own order), `grading` ("compat" or
                "strict"), `twin` (the share of checks that are repeated with the reference),
                `config`, `revision`, `prompts`.
        """
        super().__init__(
            dataset_name=dataset_name,
            split=split,
            dataset=dataset,
            question_key=question_key,
            answer_key=answer_key,
            use_format_error_reward=use_format_error_reward,
            seed=seed,
            use_mp=use_mp,
            **options,
        )
