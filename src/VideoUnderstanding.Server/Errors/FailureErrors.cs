using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Server.Errors;

/// <summary>Maps exceptions to errors of the API, for HTTP responses and for tool results.</summary>
public sealed partial class FailureErrors(
    DatabaseOutage outage, IOptions<BucketOptions> bucket, ILogger<FailureErrors> logger)
{
    /// <param name="operation">The failed operation, for the log.</param>
    public ApiError ToApiError(Exception failure, string operation)
    {
        switch (failure)
        {
            case ApiException stopped:
                return stopped.Error;
            case ModelUnavailableException missing:
                return ApiError.ModelUnavailable(missing.Message, missing.RetryAfterSeconds);
            case QuotaExceededException full:
                return ApiError.UsageLimit(full.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return ApiError.BodyTooLarge();
            case BadHttpRequestException malformed:
                return ApiError.BodyInvalid(malformed.Message);
            case var lost when DatabaseOutage.IsIndicatedBy(lost):
                outage.ReportStart(lost);
                return ApiError.DatabaseUnavailable();
            case var slow when DatabaseOutage.IsTimeout(slow):
                LogTimeout(logger, slow, operation);
                return ApiError.DatabaseUnavailable();
            case var lost when bucket.Value.IsUsed && StoreOutage.Is(lost):
                LogStoreOut(logger, operation, lost.GetBaseException().Message);
                return ApiError.StoreUnavailable();
            case ToolException { Failure: ToolFailure.Failed, ExitCode: > 128 }:
                LogUnexpected(logger, failure, operation);
                return ApiError.ReaderStopped();
            default:
                LogUnexpected(logger, failure, operation);
                return ApiError.Unexpected();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed because the database did not answer in time")]
    private static partial void LogTimeout(ILogger logger, Exception exception, string operation);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed because the store of the files does not answer: {Reason}")]
    private static partial void LogStoreOut(ILogger logger, string operation, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string operation);
}
