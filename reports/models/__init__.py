"""The chain's rows: reports, problems, summaries, opinions, checks."""

from .checks import Chase, VerificationCheck
from .opinions import Opinion, OpinionBatch
from .problems import Category, ClockStop, Holding, NumberSeries, Problem, ProblemStatement
from .reports import Receipt, Report, ReportingPeriod, Submission
from .summaries import Summary, SummaryEdition, SummaryItem

__all__ = [
    "Category",
    "Chase",
    "ClockStop",
    "Holding",
    "NumberSeries",
    "Opinion",
    "OpinionBatch",
    "Problem",
    "ProblemStatement",
    "Receipt",
    "Report",
    "ReportingPeriod",
    "Submission",
    "Summary",
    "SummaryEdition",
    "SummaryItem",
    "VerificationCheck",
]
