"""Programming problems; see `src/envs/datasets/code-env.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.remote_env import RemoteEnv


class CodeEnv(RemoteEnv):
    """Write a program that passes the tests of a problem."""

    _gem_class: ClassVar[str] = "CodeEnv"

    def __init__(
        self,
        dataset_name: str = "",
        split: str | None = None,
        dataset: Any = None,
        question_key: str = "problem",
        test_key: str = "tests",
        seed: int | None = 0,
        max_workers: int = 5,
        max_tests: int = 12,
        verbose: bool = False,
        sandbox_type: str = "auto",
        **options: Any,
    ) -> None:
        """Makes an environment over the rows of a dataset, which are loaded at the first reset.

        Args:
            dataset_name: a repository of the Hugging Face hub, or the path of a file or folder.
            split: which split, where there are several.
            dataset: the rows themselves: a `datasets.Dataset`, or a list of mappings.
            question_key: the column of problems.
            test_key: the column of tests.
            seed: what the order of the rows follows from; None draws it.
            max_workers: how many tests of an answer run at once.
            max_tests: of more tests, those with the longest inputs count.
            verbose: accepted as upstream's.
            sandbox_type: "auto", "bwrap", "rlimit" or "none".
            **options: `timeout` (seconds that a test may run), `answer_timeout` (all tests
                together), `config`, `revision`, `prompts`.
        """
        super().__init__(
            dataset_name=dataset_name,
            split=split,
            dataset=dataset,
            question_key=question_key,
            test_key=test_key,
            seed=seed,
            max_workers=max_workers,
            max_tests=max_tests,
            verbose=verbose,
            sandbox_type=sandbox_type,
            **options,
        )
