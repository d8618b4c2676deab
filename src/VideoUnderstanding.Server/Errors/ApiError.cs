using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.Server.Errors;

/// <summary>An error as v1.1 sends it, and the only author of codes and texts. CONTRACT, section 3.</summary>
public sealed record ApiError([property: JsonIgnore] int Status, string Code, string Message) : IResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        await httpContext.Response.WriteAsJsonAsync(this, Json, httpContext.RequestAborted);
    }

    /// <summary>The same error, said of one element of a list that was sent.</summary>
    /// <param name="number">From 1.</param>
    public ApiError InElement(int number) => this with { Message = $"Element {number} of the file: {Message}" };

    public static ApiError KeyInvalid() => new(401, "api_key_invalid",
        "API Key is either invalid or expired. Please check your API key or generate a new one and try again.");

    public static ApiError Missing(params IReadOnlyList<string> parameters) => new(400, "parameter_not_provided", parameters.Count == 1
        ? $"The {parameters[0]} parameter is required but was not provided."
        : $"The following parameters are required but were not provided: {string.Join(", ", parameters)}.");

    public static ApiError MissingOneOf(params IReadOnlyList<string> parameters) => new(400, "parameter_not_provided",
        $"One of the following parameters is required but none was provided: {string.Join(", ", parameters)}.");

    /// <param name="parameter">Name on the wire.</param>
    /// <param name="why">A sentence that says what is wrong and what is allowed.</param>
    public static ApiError Invalid(string parameter, string why) => new(400, "parameter_invalid", $"The {parameter} parameter is invalid. {why}");

    public static ApiError UnknownLanguage(LanguageOptions languages) => Invalid("language", $"It must be {string.Join(" or ", languages.Accepted())}.");

    public static ApiError BodyInvalid(string why) => new(400, "parameter_invalid", $"The request body is invalid. {why}");

    public static ApiError BodyTooLarge() => new(400, "parameter_invalid", "The request body is too large for this endpoint.");

    public static ApiError Unknown(string parameter) => new(400, "parameter_unknown", $"The {parameter} parameter is unknown. Please remove it and try again.");

    /// <param name="collection"><c>engines</c>, <c>indexes</c>, <c>tasks</c> or <c>videos</c>.</param>
    public static ApiError NotFound(string collection, string id) => new(404, "resource_not_exist", $"Resource with id {id} does not exist in {collection}.");

    /// <summary>Nothing is at this address (404), or not for this method (405).</summary>
    public static ApiError NoSuchRoute(int status, string method, string path) => new(status, "endpoint_not_exists", $"Endpoint {method} {path} does not exist. Please check the method and the address and try again.");

    public static ApiError IndexNameTaken(string name) => new(409, "index_name_already_exists", $"Index name {name} already exists. Please use another unique name and try again.");

    public static ApiError IndexOptionFixed() => new(400, "index_option_cannot_be_changed", "The options of an index cannot be changed. Please create another index.");

    public static ApiError IndexEngineFixed() => new(400, "index_engine_cannot_be_changed", "The engine of an index cannot be changed. Please create another index.");

    /// <summary>A rule of CONTRACT 6.2 that the video breaks; code and text come from the rule.</summary>
    public static ApiError Of(MediaViolation violation) => new(400, violation.Code, violation.Message);

    public static ApiError TaskCannotBeDeleted(string id, string state) => new(409, "task_cannot_be_deleted",
        $"Task {id} cannot be deleted because its status is {state}. Only failed tasks, and ready tasks whose video was deleted, can be deleted.");

    public static ApiError TranscriptMissing() => new(400, "transcription_url_not_exists",
        "provide_transcription is true, but neither transcription_url nor transcription_file was provided.");

    public static ApiError TranscriptUnreachable(string url, string why) => new(400, "transcription_url_not_accessible", $"The transcription at {url} cannot be fetched. {why}");

    public static ApiError TranscriptNotSupported(string why) => new(400, "transcription_not_supported", $"The transcription must be an SRT or VTT file. {why}");

    public static ApiError SearchOptionNotSupported(string option, string indexId, IReadOnlyList<string> allowed) => new(400, "search_option_not_supported",
        $"Search option {option} is not supported for index {indexId}. Please use one of the following search options: {string.Join(", ", allowed)}.");

    public static ApiError SearchOptionCombination(string why) => new(400, "search_option_combination_not_supported", why);

    public static ApiError SearchFilterInvalid(string why) => new(400, "search_filter_invalid", $"The filter is invalid. {why}");

    public static ApiError SearchTokenExpired(string token) => new(400, "search_page_token_expired",
        $"The token that identifies the page to be retrieved is expired or invalid. You must make a new search request. Token: {token}.");

    public static ApiError ClassifyPromptsLimit(int prompts, int limit) => new(400, "classify_prompts_limit_exceeded",
        $"The request has {prompts} prompts; at most {limit} are allowed. Please use fewer prompts, or several requests.");

    public static ApiError ClassifyOptionCombination(string parameter, IReadOnlyList<string> options) => new(400, "classify_option_combination_not_supported",
        $"The {parameter} exact_match needs the option conversation. The options are: {string.Join(", ", options)}.");

    public static ApiError ClassifyTokenInvalid(string token) => new(400, "classify_page_token_invalid",
        $"The token that identifies the page to be retrieved is invalid. Token: {token}.");

    public static ApiError ClassifyTokenExpired(string token) => new(400, "classify_page_token_expired",
        $"The token that identifies the page to be retrieved is expired or unknown. You must make a new classification request. Token: {token}.");

    public static ApiError ClassificationTooLarge(long comparisons, long limit) => UsageLimit(
        $"The request needs {comparisons} comparisons of prompts with pictures and texts; at most {limit} are allowed. Please use fewer prompts, or classify the videos one by one.");

    public static ApiError ClassificationAnswerTooLarge(long clips, long labels) => UsageLimit(
        $"The answer would have more than {clips} clips or {labels} labels. Please use fewer labels, a higher threshold, no clips, or classify the videos one by one.");

    public static ApiError TooManyRequests() => new(429, "too_many_requests", "You have exceeded the rate limit. Please wait as long as Retry-After says and try again.");

    public static ApiError UsageLimit(string why) => new(400, "usage_limit_exceeded", why);

    /// <summary>A model that the request needs is not there. 503, because nothing is wrong with the request.</summary>
    public static ApiError ModelUnavailable(string why) => new(503, "model_unavailable", why);

    public static ApiError Unexpected() => new(500, "internal_server_error", "Internal server error.");

    /// <summary>A signed address whose signature is wrong or whose hour is over.</summary>
    public static ApiError LinkInvalid() => new(403, "parameter_invalid", "The link is invalid or has expired. Please request a new one.");
}
