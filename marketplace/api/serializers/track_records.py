"""How a side keeps its word, in figures."""

from rest_framework import serializers


class FigureSerializer(serializers.Serializer):
    """``value`` is null below five cases; ``low`` and ``high`` bound a share (95 %, Wilson)."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField(help_text="hours (a median), share (0 to 1) or count (a mean).")
    value = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class TrackRecordSerializer(serializers.Serializer):
    """From `campaigns.transparency.Record`."""

    side = serializers.CharField(help_text="Whose record: brand or creator.")
    since = serializers.DateTimeField()
    as_of = serializers.DateTimeField()
    collaborations = serializers.IntegerField(help_text="With anything happening in that time.")
    figures = FigureSerializer(many=True)
