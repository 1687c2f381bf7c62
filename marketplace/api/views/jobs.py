"""Long work: one job's progress."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from marketplace.api.authentication import asker
from marketplace.api.serializers.jobs import JobSerializer


class JobView(APIView):
    @extend_schema(responses=JobSerializer, tags=["jobs"], summary="How far a job of yours is.")
    def get(self, request: Request, job_id: int) -> Response:
        return Response(JobSerializer(access.job_for(asker(request), job_id)).data)
