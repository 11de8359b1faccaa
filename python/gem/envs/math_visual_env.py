"""Mathematics problems with pictures; see `src/envs/datasets/math-visual-env.ts`."""

from __future__ import annotations

from typing import Any, ClassVar

from gem._bridge.remote_env import RemoteEnv
from gem.envs.math_env import MathEnv


class MathVisualEnv(MathEnv):
    """Solve a mathematics problem with pictures; observations are `{"problem", "images"}`."""

    _gem_class: ClassVar[str] = "MathVisualEnv"

    def __init__(
        self,
        dataset_name: str = "",
        split: str | None = None,
        dataset: Any = None,
        question_key: str = "problem",
        answer_key: str = "answer",
        image_key: str = "images",
        use_format_error_reward: bool = False,
        seed: int | None = 0,
        **options: Any,
    ) -> None:
        """Makes an environment over the rows of a dataset, which are loaded at the first reset.

        Args:
            dataset_name: a repository of the Hugging Face hub, or the path of a file or folder.
            split: which split, where there are several.
            dataset: the rows themselves: a `datasets.Dataset`, or a list of mappings.
            question_key: the column of problems.
            answer_key: the column of answers.
            image_key: the column of pictures.
            use_format_error_reward: whether a reply without a box earns -0.1.
            seed: what the order of the rows follows from; None draws it.
            **options: as those of `MathEnv`.
        """
        super().__init__(
            dataset_name,
            split,
            dataset,
            question_key,
            answer_key,
            use_format_error_reward,
            seed,
            image_key=image_key,
            **options,
        )

    def reset(self, seed: int | None = None, **kwargs: Any) -> tuple[Any, dict[str, Any]]:
        """Starts an episode; pictures are PIL's where Pillow is installed."""
        observation, info = RemoteEnv.reset(self, seed, **kwargs)
        return {**observation, "images": to_images(observation["images"])}, info


def to_images(value: Any) -> Any:
    """Makes PIL's pictures of stored ones (`{"bytes", "path"}`); as it is without Pillow."""
    if isinstance(value, list):
        return [to_images(item) for item in value]
    if not isinstance(value, dict) or not isinstance(value.get("bytes"), bytes):
        return value
    try:
        from PIL import Image
    except ImportError:
        return value
    import io

    return Image.open(io.BytesIO(value["bytes"]))
