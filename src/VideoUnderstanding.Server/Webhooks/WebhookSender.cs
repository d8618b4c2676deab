using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Webhooks;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>A notification with its target.</summary>
/// <param name="Body">Sent unchanged.</param>
public sealed record Notification(string Url, string Secret, byte[] Body);

/// <summary>Result of an attempt.</summary>
/// <param name="Status">HTTP status of the response; null if there was none.</param>
/// <param name="Duration">Duration in seconds.</param>
/// <param name="Error">Reason of the failure; null if the notification was delivered.</param>
public sealed record SendingResult(DateTimeOffset SentAt, int? Status, double Duration, string? Error);

/// <summary>Sends notifications through guarded connections, like all requests to addresses given by users. Only the status of the response
/// is used.</summary>
public sealed partial class WebhookSender : IDisposable
{
    private readonly WebhookOptions _options;
    private readonly WebhookAddress _address;
    private readonly TimeProvider _clock;
    private readonly ILogger<WebhookSender> _logger;
    private readonly HttpClient _client;

    public WebhookSender(IOptions<WebhookOptions> options, WebhookAddress address, GuardedConnections connections, TimeProvider clock,
        ILogger<WebhookSender> logger)
    {
        (_options, _address, _clock, _logger) = (options.Value, address, clock, logger);
        _client = new HttpClient(connections.NewHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("VideoUnderstanding/1.1");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Signs and sends a notification. Failures are returned in the result.</summary>
    public async Task<SendingResult> SendAsync(Notification notification, CancellationToken cancellationToken)
    {
        var (sentAt, start) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        var (status, error) = await TrySendAsync(notification, sentAt, cancellationToken);
        return new SendingResult(sentAt, status, Math.Round(_clock.GetElapsedTime(start).TotalSeconds, 3), error);
    }

    private async Task<(int? Status, string? Error)> TrySendAsync(
        Notification notification, DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        // The address rules may have changed since the webhook was added.
        if (_address.Check(notification.Url) is { } refusal)
            return (null, refusal);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(_options.TimeoutSeconds), _clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, notification.Url)
            {
                Content = new ByteArrayContent(notification.Body),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TryAddWithoutValidation(WebhookSignature.Header,
                WebhookSignature.Of(notification.Secret, sentAt, notification.Body));
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return ((int)response.StatusCode, FindError((int)response.StatusCode));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Describe(exception, timeout.IsCancellationRequested));
        }
    }

    private static string? FindError(int status) => status switch
    {
        >= 200 and <= 299 => null,
        >= 300 and <= 399 => $"The endpoint answered with status {status}. Redirects are not followed.",
        _ => $"The endpoint answered with status {status}.",
    };

    private string Describe(Exception exception, bool isTimeout)
    {
        switch (exception)
        {
            case OperationCanceledException when isTimeout:
                return $"The endpoint did not answer within {_options.TimeoutSeconds} seconds.";
            case HttpRequestException { InnerException: FetchException refused }:
                return refused.Message;
            case HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                return "The certificate of the host is not valid, or the host does not speak TLS.";
            case HttpRequestException or IOException:
                return "The host interrupted the connection or answered in a way that is not HTTP.";
            default:
                LogUnexpected(_logger, exception);
                return $"The notification could not be sent ({exception.GetType().Name}).";
        }
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "A notification could not be sent")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);
}
