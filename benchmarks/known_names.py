"""Names of the field that a careless model confuses, collected by hand and unknown to the grounding check."""

from __future__ import annotations

DATA_SETS = """
ImageNet, ImageNet-1K, ImageNet-21K, CIFAR-10, CIFAR-100, MNIST, COCO, LAION-5B, Pascal VOC, Cityscapes, KITTI,
nuScenes, ScanNet, ShapeNet, Kinetics-400, UCF101, SQuAD, GLUE, SuperGLUE, MMLU, MMLU-Pro, GSM8K, MATH-500, AIME 2024,
HumanEval, MBPP, SWE-bench, LiveCodeBench, BIG-bench, HellaSwag, WinoGrande, TruthfulQA, ARC-AGI, GPQA, DROP,
TriviaQA, HotpotQA, Natural Questions, MS MARCO, BEIR, WMT14, FLORES-200, LibriSpeech, Common Voice, AudioSet, VQAv2,
TextVQA, DocVQA, ChartQA, ScienceQA, MMMU, MathVista, MMBench, WebArena, OSWorld, AgentBench, ALFWorld, MiniWoB++,
Atari 100k, MuJoCo, D4RL, Meta-World, CALVIN, LIBERO, Open X-Embodiment, C4, The Pile, RedPajama, FineWeb,
WikiText-103, enwik8, PubMedQA, MedQA, MIMIC-III, MIMIC-IV, CheXpert, BraTS, UK Biobank, QM9, MoleculeNet, OGB, Cora,
Reddit, MovieLens, Yelp, IMDb, SST-2, AG News, CoNLL-2003, XNLI, LongBench, RULER, Needle-in-a-Haystack, MT-Bench,
AlpacaEval, Arena-Hard, IFEval, HarmBench, AdvBench, RealToxicityPrompts, CelebA, FFHQ, LSUN, UCI, ETTh1, M4, ERA5,
Waymo Open, Argoverse 2, ADE20K
"""

MODELS = """
GPT-2, GPT-3, GPT-3.5, GPT-4, GPT-4o, GPT-5, o1, o3-mini, ChatGPT, Claude, Claude 3.5 Sonnet, Gemini, Gemini 2.5 Pro,
Gemma, Gemma-2, Llama, Llama 2, Llama-3.1-8B, Mistral, Mistral-7B, Mixtral, Qwen, Qwen2.5-7B, Qwen3, DeepSeek-R1,
DeepSeek-V3, Phi-3, Falcon, MPT-7B, BLOOM, OPT-175B, PaLM, PaLM 2, Chinchilla, Gopher, Flamingo, BLIP-2, LLaVA,
LLaVA-1.5, InternVL, CLIP, SigLIP, DINOv2, SAM, SAM 2, Stable Diffusion, SDXL, Imagen, DALL-E 3, Sora, ViT-B/16, Swin,
ConvNeXt, ResNet-50, EfficientNet, VGG-16, BERT, RoBERTa, DeBERTa, T5, BART, ELECTRA, XLM-R, Whisper, wav2vec 2.0,
HuBERT, Mamba, Mamba-2, RWKV, Hyena, RetNet, Performer, Longformer, BigBird, AlphaFold, AlphaFold 3, AlphaGo,
AlphaZero, MuZero, Dreamer, PPO, SAC, TD3, DQN, GRPO, DPO, LoRA, QLoRA, Adam, AdamW, Muon, Shampoo, Lion, XGBoost,
LightGBM, CatBoost, TabPFN, FlashAttention, vLLM, Toolformer, ReAct, Reflexion, AutoGPT, Voyager, StarCoder,
CodeLlama, Codex, Alpaca, Vicuna, NeRF, PointNet, YOLOv8, DETR, Mask R-CNN, U-Net, nnU-Net, GraphSAGE, GAT, Graphormer
"""

PLACES = """
Stanford, MIT, Google DeepMind, OpenAI, Anthropic, Meta, Microsoft, NVIDIA, Tsinghua, Berkeley, Oxford, Princeton, ETH
Zurich, Mila, Salesforce, Alibaba, Tencent, Huawei, Apple, IBM, Amazon, Carnegie Mellon, Toronto, Cambridge
"""


def listed(names: str) -> list[str]:
    """Names of one list, without duplicates."""
    return [" ".join(name.split()) for name in names.split(",")]
