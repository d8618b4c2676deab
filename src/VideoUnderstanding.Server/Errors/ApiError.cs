using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Errors;

/// <summary>An error response of v1.1. All codes and messages are defined here. CONTRACT, section 3.</summary>
public sealed record ApiError([property: JsonIgnore] int Status, string Code, string Message) : IResult
{
    /// <summary>Seconds until the client may retry, sent as the header Retry-After; null omits the header.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Supported encodings of the body, sent as the header Accept-Encoding; null omits the header.</summary>
    [JsonIgnore]
    public string? AcceptEncoding { get; init; }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (AcceptEncoding is not null)
            httpContext.Response.Headers.AcceptEncoding = AcceptEncoding;
        await httpContext.Response.WriteAsJsonAsync(this, Json, httpContext.RequestAborted);
    }

    /// <summary>Returns the error with the position of a list element in its message.</summary>
    /// <param name="number">Position, from 1.</param>
    public ApiError InElement(int number) => this with { Message = $"Element {number} of the file: {Message}" };

    public static ApiError KeyInvalid() => new(401, "api_key_invalid",
        "API Key is either invalid or expired. Please check your API key or generate a new one and try again.");

    public static ApiError KeyMissing() => new(401, "api_key_invalid",
        $"The request has no API key. Please send your API key in the header {ApiKeyCheck.Header}.");

    public static ApiError KeyInAuthorization() => new(401, "api_key_invalid",
        $"The request has an Authorization header, which is not read. Please send your API key in the header {ApiKeyCheck.Header}.");

    public static ApiError KeyMissingForAssistant() => new(401, "api_key_invalid",
        $"The request has no API key. Please send your API key in the header {ApiKeyCheck.Header}, or as Authorization: Bearer KEY.");

    /// <summary>A request of the web app without a session. The codes of sessions are extensions to version 1.1.</summary>
    public static ApiError SessionMissing() => new(401, "session_invalid", "You are not signed in, or your session has ended.");

    public static ApiError SessionTokenInvalid()
        => new(403, "session_token_invalid",
            "The anti-forgery token is missing or does not belong to this session. Please reload the page.");

    public static ApiError AdministratorOnly() => new(403, "administrator_only", "Only an administrator may do this.");

    public static ApiError SignInFailed() => new(401, "sign_in_failed", "The user name or the password is wrong.");

    public static ApiError SetupLinkInvalid()
        => new(403, "setup_link_invalid",
            "The link is wrong or has been used. As long as there is no user, the server prints a new link at each start.");

    public static ApiError UserNameTaken(string name)
        => new(409, "user_name_already_exists", $"The user name {name} already exists. Please use another name.");

    public static ApiError IntegrationTaken()
        => new(409, "integration_already_exists", "This bucket with this prefix, or this folder, is connected already.");

    /// <summary>The source of an integration cannot be read. The status is 409, because the request is valid.</summary>
    public static ApiError IntegrationFailed(string why) => new(409, "integration_failed", why);

    /// <summary>Concurrent transfers of the same files.</summary>
    public static ApiError IntegrationBusy()
        => new(409, "integration_busy", "Some of these files have changed or are being transferred already. Please try again.");

    public static ApiError Missing(params IReadOnlyList<string> parameters) => new(400, "parameter_not_provided", parameters.Count == 1
        ? $"The {parameters[0]} parameter is required but was not provided."
        : $"The following parameters are required but were not provided: {string.Join(", ", parameters)}.");

    public static ApiError MissingOneOf(params IReadOnlyList<string> parameters) => new(400, "parameter_not_provided",
        $"One of the following parameters is required but none was provided: {string.Join(", ", parameters)}.");

    /// <param name="parameter">Name of the parameter.</param>
    /// <param name="why">A sentence with the cause and the allowed values.</param>
    public static ApiError Invalid(string parameter, string why)
        => new(400, "parameter_invalid", $"The {parameter} parameter is invalid. {why}");

    public static ApiError UnknownLanguage(LanguageOptions languages)
        => Invalid("language", $"It must be {string.Join(" or ", languages.Accepted())}.");

    public static ApiError BodyInvalid(string why) => new(400, "parameter_invalid", $"The request body is invalid. {why}");

    /// <summary>The body has an unsupported Content-Encoding.</summary>
    /// <param name="accepted">Value of the header Accept-Encoding.</param>
    public static ApiError EncodingNotSupported(string why, string accepted)
        => new(415, "parameter_invalid", $"The Content-Encoding of the request body is not supported. {why}")
        {
            AcceptEncoding = accepted,
        };

    public static ApiError BodyTooLarge() => new(400, "parameter_invalid", "The request body is too large for this endpoint.");

    /// <param name="known">The known parameters. The message suggests one with a similar name.</param>
    public static ApiError Unknown(string parameter, IEnumerable<string> known)
        => new(400, "parameter_unknown",
            $"The {parameter} parameter is unknown. {(SimilarName.Find(parameter, known) is { } meant ? $"Did you mean {meant}?"
                : "Please remove it and try again.")}");

    /// <param name="collection"><c>engines</c>, <c>indexes</c>, <c>tasks</c> or <c>videos</c>.</param>
    public static ApiError NotFound(string collection, string id)
        => new(404, "resource_not_exist", $"Resource with id {id} does not exist in {collection}.");

    /// <summary>No route has this path (404), or none has this method (405).</summary>
    public static ApiError NoSuchRoute(int status, string method, string path)
        => new(status, "endpoint_not_exists",
            $"Endpoint {method} {path} does not exist. Please check the method and the address and try again.");

    public static ApiError IndexNameTaken(string name)
        => new(409, "index_name_already_exists", $"Index name {name} already exists. Please use another unique name and try again.");

    public static ApiError IndexOptionFixed()
        => new(400, "index_option_cannot_be_changed", "The options of an index cannot be changed. Please create another index.");

    public static ApiError IndexEngineFixed()
        => new(400, "index_engine_cannot_be_changed", "The engine of an index cannot be changed. Please create another index.");

    /// <summary>The video violates a rule of CONTRACT 6.2, which has code and message.</summary>
    public static ApiError FromViolation(MediaViolation violation) => new(400, violation.Code, violation.Message);

    public static ApiError TaskCannotBeDeleted(string id, string state) => new(409, "task_cannot_be_deleted",
        $"Task {id} cannot be deleted because its status is {state}. Only failed tasks, and ready tasks whose video was deleted, can be "
            + $"deleted.");

    public static ApiError TranscriptMissing() => new(400, "transcription_url_not_exists",
        "provide_transcription is true, but neither transcription_url nor transcription_file was provided.");

    public static ApiError TranscriptUnreachable(string url, string why)
        => new(400, "transcription_url_not_accessible", $"The transcription at {url} cannot be fetched. {why}");

    public static ApiError TranscriptNotSupported(string why)
        => new(400, "transcription_not_supported", $"The transcription must be an SRT or VTT file. {why}");

    public static ApiError SearchOptionNotSupported(string option, string indexId, IReadOnlyList<string> allowed)
        => new(400, "search_option_not_supported",
            $"Search option {option} is not supported for index {indexId}. Please use one of the following search options: "
                + $"{string.Join(", ", allowed)}.");

    public static ApiError SearchOptionCombination(string why) => new(400, "search_option_combination_not_supported", why);

    public static ApiError SearchFilterInvalid(string why) => new(400, "search_filter_invalid", $"The filter is invalid. {why}");

    public static ApiError SearchTokenExpired(string token) => new(400, "search_page_token_expired",
        $"The token that identifies the page to be retrieved is expired or invalid. You must make a new search request. Token: {token}.");

    public static ApiError ClassifyPromptsLimit(int prompts, int limit) => new(400, "classify_prompts_limit_exceeded",
        $"The request has {prompts} prompts; at most {limit} are allowed. Please use fewer prompts, or several requests.");

    public static ApiError ClassifyOptionCombination(string parameter, IReadOnlyList<string> options)
        => new(400, "classify_option_combination_not_supported",
            $"The {parameter} exact_match needs the option conversation. The options are: {string.Join(", ", options)}.");

    public static ApiError ClassifyTokenInvalid(string token) => new(400, "classify_page_token_invalid",
        $"The token that identifies the page to be retrieved is invalid. Token: {token}.");

    public static ApiError ClassifyTokenExpired(string token) => new(400, "classify_page_token_expired",
        $"The token that identifies the page to be retrieved is expired or unknown. You must make a new classification request. Token: "
            + $"{token}.");

    public static ApiError ClassificationTooLarge(long comparisons, long limit) => UsageLimit(
        $"The request needs {comparisons} comparisons of prompts with pictures and texts; at most {limit} are allowed. Please use fewer "
            + $"prompts, or classify the videos one by one.");

    public static ApiError ClassificationAnswerTooLarge(long clips, long labels) => UsageLimit(
        $"The answer would have more than {clips} clips or {labels} labels. Please use fewer labels, a higher threshold, no clips, or "
            + $"classify the videos one by one.");

    /// <param name="wait">Rounded up to whole seconds, at least one: clients would retry after 0 without a pause.</param>
    public static ApiError TooManyRequests(TimeSpan wait)
        => new(429, "too_many_requests", "You have exceeded the rate limit. Please wait as long as Retry-After says and try again.")
        {
            RetryAfterSeconds = (int)Math.Max(1, Math.Ceiling(wait.TotalSeconds)),
        };

    /// <summary>Too many clips are being joined.</summary>
    public static ApiError ClipLimit(string why, TimeSpan wait)
        => TooManyRequests(wait) with { Message = $"{why} Please wait as long as Retry-After says and try again." };

    public static ApiError UsageLimit(string why) => new(400, "usage_limit_exceeded", why);

    /// <summary>A required model is missing. The status is 503, because the request is valid.</summary>
    public static ApiError ModelUnavailable(string why, int? retryAfterSeconds = null)
        => new(503, "model_unavailable", why) { RetryAfterSeconds = retryAfterSeconds };

    public static ApiError DatabaseUnavailable()
        => new(500, "internal_server_error", "The database of the server does not answer. Please try again later.");

    public static ApiError StoreUnavailable()
        => new(500, "internal_server_error", "The store of the files does not answer. Please try again later.");

    /// <summary>FFmpeg was stopped from outside, for example because the machine had too little memory.</summary>
    public static ApiError ReaderStopped()
        => new(500, "internal_server_error", "The program that reads the file was stopped. Please try again.");

    public static ApiError Unexpected() => new(500, "internal_server_error", "Internal server error.");

    /// <summary>The signature of an address is invalid or has expired.</summary>
    public static ApiError LinkInvalid() => new(403, "parameter_invalid", "The link is invalid or has expired. Please request a new one.");
}

/// <summary>Ends a request with an error from code below its handler. <see cref="ApiErrorMiddleware"/> converts it to the
/// response.</summary>
public sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
