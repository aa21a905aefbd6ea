"""Subjects of machine learning and related fields, with the keywords that identify them.

arXiv's categories are too coarse for this: half of all papers are in cs.LG. The names are a fixed table, so a subject
has the same name in every edition; those that are also themes of categories (`bot.editions.compose.arxiv_themes`) are
spelled the same.
"""

from __future__ import annotations

import re
from functools import cache

_KEYWORDS = {
    "Language models": r"language models?|d?LLMs?|GPT-?\d|next[- ]token|pre-?train\w* (?:text|corpora)"
    r"|tokeni[sz]",
    "Reasoning": r"reason(?:ing|er)|chain[- ]of[- ]thought|mathematical problems?|math word|theorem prov"
    r"|ARC-AGI|Sudoku",
    "Agents and tools": r"(?:LLM|language|web|GUI|autonomous|AI|research) agents?|agentic|tool[- ]us"
    r"|tool call|computer use|agent (?:memory|harness|skills?)|skill librar|(?:episodic|long-term) memory",
    "Reinforcement learning": r"reinforcement learning|policy (?:gradient|optimi[sz])|reward model|RLHF|RLVR"
    r"|rewards?\b|GRPO|PPO|Q-learning|offline RL|Markov decision|bandits?",
    "Alignment and safety": r"alignment|safety|jailbreak|harmful|red[- ]team|misalign|hallucinat|deceptive"
    r"|guardrail|toxic",
    "Image and video generation": r"diffusion|text-to-image|text-to-video"
    r"|(?:image|video) (?:generation|editing|synthesis)|generative adversarial|GANs?\b|flow matching|StyleGAN",
    "Computer vision": r"object detection|segmentation|image classification|visual recognition"
    r"|vision transformer|ViTs?\b|ImageNet|video understanding|tracking",
    "Vision and language": r"vision[- ]and[- ]language|vision[- ]language|visual question|VLMs?\b|CLIP\b"
    r"|caption|multi-?modal|image-text",
    "3D and scenes": r"\b3D|radiance field|NeRF|Gaussian splatting|point clouds?|depth estimation|novel view"
    r"|SLAM",
    "Robotics": r"robot|manipulation tasks|locomotion|embodied|vision-language-action|grasp"
    r"|autonomous driving",
    "Speech and audio": r"speech|audio|music|voice|acoustic|text-to-speech|speaker",
    "Information retrieval": r"retriev|RAG\b|search engine|recommend|re-?rank|question answering|queries",
    "Software engineering": r"cod(?:e|ing) (?:generation|agents?|review|repair|completion|models?)"
    r"|program synthesis|software|programming|compiler|bug"
    r"|unit tests?|repositor",
    "Graphs": r"graph neural|GNNs?\b|knowledge graph|link prediction|node classif|graph learning"
    r"|molecular graph",
    "Time series": r"time[- ]series|forecast",
    "Efficiency": r"quanti[sz]ation|pruning|distill|KV cache|speculative decoding|parameter-efficient|LoRA\b"
    r"|low-rank|mixture[- ]of[- ]experts|MoE\b|inference (?:cost|latency|speed|efficien)|memory footprint|compress"
    r"|throughput",
    "Architectures": r"transformer architecture|attention mechanism|self-attention|state[- ]space model"
    r"|Mamba|recurrent|long[- ]context|positional|MLP-?Mixer|scaling laws?",
    "Self-supervised learning": r"self-supervised|contrastive learning|masked (?:auto|image)"
    r"|representation learning|unsupervised pre",
    "Learning from few examples": r"few-shot|zero-shot|meta-?learning|semi-supervised|transfer learning"
    r"|domain adapt|continual|prompt tuning|in-context learning",
    "Data and benchmarks": r"benchmark|data ?sets? (?:of|for)|new data ?set|leaderboard|annotat"
    r"|evaluation suite|corpus of",
    "Interpretability": r"interpretab|explain(?:ab|ing)|mechanistic|probing|sparse autoencoder"
    r"|feature attribution|saliency",
    "Security and privacy": r"federated|differential(?:ly)? priva|privacy|adversarial attack|backdoor"
    r"|watermark|unlearning",
    "Health and medicine": r"clinical|medical|patients?|MRI\b|diagnos|EEG|radiolog|health|disease|biomedical",
    "AI for science": r"protein|molecul|drug|material|weather|climate|physic|PDEs?\b|differential equation"
    r"|chemi|astronom",
    "Theory and optimisation": r"converge|upper bound|lower bound|regret|minimax"
    r"|generali[sz]ation (?:bound|error)|optimi[sz]er|stochastic gradient|convex|sample complexity|provab",
}

_OTHER_SENSES = {
    "Image and video generation": (
        (r"diffusion", r"diffusion(?:-based)? (?:large )?(?:language|LLMs?|LMs?)\b|dLLMs?\b|diffusion polic"),
        (r"diffusion", r"diffusion (?:tensor|MRI|weighted|coefficient|equation|recommender)|information diffusion"),
        (r"diffusion", r"(?:discrete|masked|block)[- ]diffusion.{0,80}(?:text|language|token)"),
    ),
    "Language models": ((r"tokeni[sz]\w*", r"(?:image|visual|vision|video|audio|speech|motion) tokeni[sz]"),),
    "Alignment and safety": (
        (
            r"alignment",
            r"(?:cross-modal|modality|vision-language|image-text|text-image|sequence|temporal|feature|representation"
            r"|semantic|spatial|point cloud|word|entity|ontology|domain) alignment",
        ),
    ),
    "Computer vision": (
        (r"tracking", r"(?:knowledge|state|experiment|eye|progress|carbon) tracking"),
        (r"segmentation", r"(?:word|text|market|customer|topic|morphological|audio|speech) segmentation"),
    ),
    "Efficiency": (
        (r"throughput", r"high-throughput"),
        (r"distill\w*", r"(?:score|distribution matching|data ?set) distill"),
    ),
    "AI for science": (
        (r"material\w*", r"(?:supplementary|supplemental|teaching|learning|reading|course) material"),
        (r"physic\w*", r"physical(?:ly)? (?:world|plausib|robot|environment|interaction|activit|device)"),
    ),
    "Speech and audio": ((r"speech", r"hate speech|part[- ]of[- ]speech|free speech|speech acts?"),),
}
"""Words that also mean something else, by subject, each with the phrases of that sense: in a paper that has one of
them the word does not count. The diffusion of a language model makes no images."""

BROAD = frozenset(("Language models", "Data and benchmarks", "Learning from few examples", "Computer vision"))
"""Subjects that many papers mention although they are about something else; a more specific subject is preferred."""


def without_other_senses(subject: str, title: str, abstract: str) -> tuple[str, str]:
    """Title and abstract without the words that mean something else in this paper than the subject's keyword does."""
    for word, phrase in other_senses_of(subject):
        if phrase.search(title) or phrase.search(abstract):
            title, abstract = word.sub(" ", title), word.sub(" ", abstract)
    return title, abstract


@cache
def other_senses_of(subject: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Compiled words with the phrases of their other sense."""
    return tuple(
        (re.compile(rf"(?<!\w){word}", re.IGNORECASE), re.compile(rf"(?<!\w)(?:{phrase})", re.IGNORECASE))
        for word, phrase in _OTHER_SENSES.get(subject, ())
    )


@cache
def subjects_in() -> dict[str, re.Pattern[str]]:
    """Compiled keyword patterns by subject."""
    return {name: re.compile(rf"(?<!\w)(?:{cue})", re.IGNORECASE) for name, cue in _KEYWORDS.items()}
