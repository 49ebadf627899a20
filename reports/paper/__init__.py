"""附件1 and 附件2 as workbooks in the paper's layout: to print and stamp, or to fill in offline (M5.5, M6.4)."""
