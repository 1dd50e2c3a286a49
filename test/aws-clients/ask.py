"""Asks every operation of the emulator with boto3 and prints what it was told; see ask.ts."""

import base64
import copy
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

place = json.load(sys.stdin)
name = place["name"]
session = boto3.Session(
    aws_access_key_id=place["accessKeyId"],
    aws_secret_access_key=place["secretAccessKey"],
    region_name=place["region"],
)


def client(service):
    config = Config(retries={"total_max_attempts": 1})
    return session.client(service, endpoint_url=place["endpoint"], config=config)


def refused(call):
    try:
        call()
    except ClientError as error:
        told = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return [told["Code"].removesuffix("Exception"), status, told["Message"]]
    return None


def pages(of, operation, result, **asked):
    found = of.get_paginator(operation).paginate(**asked)
    return [item for page in found for item in page[result]]


def ask_lambda():
    of = client("lambda")
    f = {"FunctionName": name}
    live = {**f, "Name": "live"}
    v1 = {**f, "Qualifier": "1"}
    before = of.get_function_configuration(**f)
    updated = of.update_function_configuration(
        **f, Description="d", LoggingConfig={"LogFormat": "JSON"}
    )
    published = [of.publish_version(**f)["Version"] for _ in range(2)]
    of.update_function_configuration(**f, MemorySize=1024, LoggingConfig={"LogFormat": "Text"})
    published.append(of.publish_version(**f, Description="second")["Version"])
    created = of.create_alias(**live, FunctionVersion="1")
    changed = of.update_alias(
        **live, FunctionVersion="2", RoutingConfig={"AdditionalVersionWeights": {"1": 0.25}}
    )
    stale = created["RevisionId"]
    of.update_alias(**live, FunctionVersion="1", RoutingConfig={})
    listed = pages(of, "list_functions", "Functions", FunctionVersion="ALL", PaginationConfig={"PageSize": 2})

    def invoke(event={}, **asked):
        return of.invoke(**{**f, **asked}, Payload=json.dumps(event))

    def streamed(event):
        stream = of.invoke_with_response_stream(
            FunctionName="stream", Payload=json.dumps(event), LogType="Tail"
        )["EventStream"]
        text, complete = b"", None
        for each in stream:
            text += each.get("PayloadChunk", {}).get("Payload", b"")
            complete = each.get("InvokeComplete", complete)
        log = base64.b64decode(complete["LogResult"]).decode()
        return [text.decode(), complete.get("ErrorCode"), log.split(" ")[0]]

    latest = invoke({"a": 1}, LogType="Tail")
    failed = invoke({"fail": True})
    of.put_function_concurrency(**f, ReservedConcurrentExecutions=0)
    reserved = of.get_function_concurrency(**f)["ReservedConcurrentExecutions"]
    throttled = refused(lambda: invoke())
    of.delete_function_concurrency(**f)
    put = of.put_provisioned_concurrency_config(**v1, ProvisionedConcurrentExecutions=1)
    configs = of.list_provisioned_concurrency_configs(**f)["ProvisionedConcurrencyConfigs"]
    deleted = of.delete_provisioned_concurrency_config(**v1)
    limits = of.get_account_settings()["AccountLimit"]
    return {
        "before": [before["Version"], before["MemorySize"], before["State"], before["CodeSize"] > 0],
        "updated": [updated["Description"], updated["LoggingConfig"]["LogFormat"]],
        "published": published,
        "versions": [
            [each["Version"], each["MemorySize"], each["Description"], each["FunctionArn"].split(":")[-1]]
            for each in pages(of, "list_versions_by_function", "Versions", **f, PaginationConfig={"PageSize": 1})
        ],
        "whole": of.get_function(**f, Qualifier="live")["Configuration"]["FunctionArn"],
        "alias": [created["AliasArn"], changed["RoutingConfig"], of.get_alias(**live).get("RoutingConfig")],
        "aliases": [each["Name"] for each in of.list_aliases(**f, FunctionVersion="1")["Aliases"]],
        "listed": [each["Version"] for each in listed if each["FunctionName"] == name],
        "invoked": [
            json.load(latest["Payload"]),
            latest["ExecutedVersion"],
            base64.b64decode(latest["LogResult"]).decode().split(" ")[0],
            invoke(Qualifier="2")["ExecutedVersion"],
            invoke(Qualifier="live")["ExecutedVersion"],
            invoke(FunctionName=created["AliasArn"])["ExecutedVersion"],
        ],
        "failed": [failed["StatusCode"], failed["FunctionError"], json.load(failed["Payload"])["errorType"]],
        "accepted": [
            invoke(FunctionName="web", InvocationType="Event")["StatusCode"],
            invoke(InvocationType="DryRun")["StatusCode"],
        ],
        "streamed": [streamed({}), streamed({"fail": True})],
        "reserved": reserved,
        "throttled": throttled,
        "provisioned": [
            put["ResponseMetadata"]["HTTPStatusCode"],
            put["RequestedProvisionedConcurrentExecutions"],
            [each["FunctionArn"].split(":")[-1] for each in configs],
            deleted["ResponseMetadata"]["HTTPStatusCode"],
        ],
        "account": [limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"]],
        "url": of.get_function_url_config(FunctionName="web")["InvokeMode"],
        "refused": [
            refused(lambda: invoke(Qualifier="nobody")),
            refused(lambda: invoke({"a": "x" * 6 * 1024 * 1024})),
            refused(lambda: of.get_function(FunctionName="nobody")),
            refused(lambda: of.create_alias(**live, FunctionVersion="1")),
            refused(lambda: of.create_alias(**f, Name="other", FunctionVersion="9")),
            refused(lambda: of.update_alias(**live, RevisionId=stale)),
            refused(lambda: of.get_alias(**f, Name="nobody")),
            refused(lambda: of.publish_version(**f, CodeSha256="other")),
            refused(lambda: of.get_provisioned_concurrency_config(**v1)),
            refused(lambda: of.put_provisioned_concurrency_config(**f, Qualifier="$LATEST", ProvisionedConcurrentExecutions=1)),
            refused(lambda: of.list_layers()),
        ],
        "gone": of.delete_alias(**live)["ResponseMetadata"]["HTTPStatusCode"],
    }


def ask_xray():
    of = client("xray")
    good = {
        "id": "00000000000000a1",
        "trace_id": place["ownTrace"],
        "name": name,
        "start_time": place["nowS"],
        "end_time": place["nowS"] + 0.5,
        "annotations": {"tier": "gold", "shard": 3},
        "http": {"response": {"status": 404}},
        "error": True,
    }
    bad = [{}, {**good, "trace_id": "1-00000001-000000000000000000000000"}]
    documents = [json.dumps(each) for each in [good, *bad]] + ["{"]
    unprocessed = of.put_trace_segments(TraceSegmentDocuments=documents)["UnprocessedTraceSegments"]
    window = {"StartTime": place["startS"], "EndTime": place["endS"]}

    def ids(expression):
        found = pages(of, "get_trace_summaries", "TraceSummaries", **window, FilterExpression=expression)
        return sorted(each["Id"] for each in found)

    summary = pages(of, "get_trace_summaries", "TraceSummaries", **window, FilterExpression="annotation.tier")[0]
    traces = pages(of, "batch_get_traces", "Traces", TraceIds=place["roots"])
    return {
        "unprocessed": [each["ErrorCode"] for each in unprocessed],
        "found": {each: ids(each) for each in place["expressions"]},
        "summary": [summary["Duration"], summary["HasError"], summary["Http"]["HttpStatus"], summary["EntryPoint"]["Name"]],
        "origins": [[json.loads(each["Document"])["origin"] for each in trace["Segments"]] for trace in traces],
        "destination": of.get_trace_segment_destination()["Destination"],
        "refused": [
            refused(lambda: of.get_trace_summaries(**window, FilterExpression="duration >")),
            refused(lambda: of.batch_get_traces(TraceIds=["1-x"])),
            refused(lambda: of.get_groups()),
        ],
    }


def ask_logs():
    of = client("logs")
    group = "/aws/lambda/json"
    arn = of.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
    streams = of.describe_log_streams(logGroupIdentifier=arn, orderBy="LastEventTime", descending=True)
    stream = {"logGroupName": group, "logStreamName": streams["logStreams"][0]["logStreamName"]}
    forward, token = [], None
    while True:
        more = {} if token is None else {"nextToken": token}
        page = of.get_log_events(**stream, limit=2, startFromHead=True, **more)
        forward += [each["message"] for each in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    last = of.get_log_events(**stream, limit=2)
    earlier = of.get_log_events(**stream, limit=2, nextToken=last["nextBackwardToken"])
    filtered = pages(of, "filter_log_events", "events", logGroupIdentifier=arn, PaginationConfig={"PageSize": 1})
    return {
        "groups": [each["logGroupName"] for each in pages(of, "describe_log_groups", "logGroups", PaginationConfig={"PageSize": 1})],
        "streams": len(streams["logStreams"]),
        "forward": forward,
        "backward": [each["message"] for each in earlier["events"] + last["events"]],
        "filtered": [each["message"] for each in filtered],
        "refused": [
            refused(lambda: of.describe_log_streams(logGroupName="nobody")),
            refused(lambda: of.get_log_events(**{**stream, "logStreamName": "nobody"})),
            refused(lambda: of.describe_log_streams(logGroupName=group, logStreamNamePrefix="2", orderBy="LastEventTime")),
            refused(lambda: of.get_log_events(**stream, nextToken="f/1")),
        ],
    }


def cloudwatch_by(protocol):
    """A client of another generation: the same model, with the one protocol it had then."""
    loader = session._session.get_component("data_loader")
    original = loader.load_service_model

    def load(service, kind, *rest, **named):
        model = original(service, kind, *rest, **named)
        if service != "cloudwatch" or kind != "service-2":
            return model
        model = copy.deepcopy(model)
        model["metadata"].update(protocol=protocol, protocols=[protocol])
        return model

    loader.load_service_model = load
    try:
        return client("cloudwatch")
    finally:
        loader.load_service_model = original


def ask_cloudwatch(protocol):
    of = cloudwatch_by(protocol)
    window = {"StartTime": place["startS"], "EndTime": place["endS"]}
    lambdas = {**window, "Namespace": "AWS/Lambda", "Period": 3600}

    def dimensions(**of):
        return [{"Name": key, "Value": value} for key, value in of.items()]

    def total(metric, **by):
        points = of.get_metric_statistics(
            **lambdas, MetricName=metric, Dimensions=dimensions(**by), Statistics=["Sum", "SampleCount"]
        )["Datapoints"]
        return sum(each["Sum"] for each in points)

    def data(metric, **by):
        stat = {
            "Metric": {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": dimensions(**by)},
            "Period": 3600,
            "Stat": "Sum",
        }
        queries = [{"Id": "a", "MetricStat": stat}]
        found = pages(of, "get_metric_data", "MetricDataResults", **window, MetricDataQueries=queries)
        return sum(value for each in found for value in each["Values"])

    percentiles = of.get_metric_statistics(
        **lambdas, MetricName="Duration", Dimensions=dimensions(FunctionName=name), ExtendedStatistics=["p50", "p99.9"]
    )["Datapoints"]
    listed = pages(of, "list_metrics", "Metrics", MetricName="Invocations", Dimensions=[{"Name": "FunctionName", "Value": name}])
    by = {"FunctionName": name}
    live = {**by, "Resource": f"{name}:live"}
    return {
        "sums": [
            total("Invocations", **by),
            total("Invocations", **by, Resource=name),
            total("Invocations", **live),
            total("Invocations", **live, ExecutedVersion="1"),
            total("Invocations", **live, ExecutedVersion="2"),
            total("Errors", **by),
            total("Throttles", **by),
        ],
        "data": [data("Invocations", **by), data("Errors", **by), data("Invocations", FunctionName="nobody")],
        "account": total("Invocations") >= total("Invocations", **by) and total("UnreservedConcurrentExecutions") > 0,
        "percentiles": [sorted(each["ExtendedStatistics"]) for each in percentiles],
        "listed": sorted(",".join(f"{d['Name']}={d['Value']}" for d in each["Dimensions"]) for each in listed),
        "refused": [
            refused(lambda: of.get_metric_statistics(**{**lambdas, "Period": 1}, MetricName="Errors", Statistics=["Sum"])),
            refused(lambda: of.get_metric_statistics(**lambdas, MetricName="Errors")),
        ],
        "unknown": refused(lambda: of.describe_alarms())[0] in ("UnknownOperation", "InvalidAction"),
    }


print(
    json.dumps(
        {
            "lambda": ask_lambda(),
            "xray": ask_xray(),
            "logs": ask_logs(),
            "cloudwatch": {each: ask_cloudwatch(each) for each in ("smithy-rpc-v2-cbor", "json", "query")},
        }
    )
)
