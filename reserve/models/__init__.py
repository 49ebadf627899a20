"""The rooms' models, one module for each noun."""

from .cases import Case, CaseOpinion, FilingChase, LeadRole, OpinionChase, OpinionEdition, RunLevel, Verdict
from .funding import FundingBatch, FundingLine, Payment

__all__ = [
    "Case",
    "CaseOpinion",
    "FilingChase",
    "FundingBatch",
    "FundingLine",
    "LeadRole",
    "OpinionChase",
    "OpinionEdition",
    "Payment",
    "RunLevel",
    "Verdict",
]
