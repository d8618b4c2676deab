using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Server.Errors;

/// <summary>Maps exceptions to errors of the API, for HTTP responses and for tool results.</summary>
public sealed partial class FailureErrors(DatabaseOutage outage, ILogger<FailureErrors> logger)
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
            default:
                LogUnexpected(logger, failure, operation);
                return ApiError.Unexpected();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Operation} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string operation);
}
