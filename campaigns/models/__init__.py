from campaigns.models.briefs import Brief, Campaign

__all__ = ["Brief", "Campaign"]
