using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Progress;

/// <summary>Progress of an index's tasks as server-sent events, for the web app.</summary>
internal static class TaskEventEndpoint
{
    private const string StateEvent = "tasks", Heartbeat = "heartbeat";

    /// <summary>Shorter than the usual timeout of proxies, which is 60 seconds.</summary>
    internal static readonly TimeSpan HeartbeatPause = TimeSpan.FromSeconds(15);

    /// <summary>Wait time of a browser for which there is no free stream.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(30);

    public static void MapTaskEvents(this RouteGroupBuilder app)
        => app.MapGet("/indexes/{indexId}/tasks/events", StreamTasksAsync).WithMetadata(new SessionRequired());

    private static Results<ServerSentEventsResult<string>, ApiError> StreamTasksAsync(
        LiveIndex index, SessionUser user, HttpContext context, TaskFeed feed)
    {
        if (feed.Open(user.Row.Id, index.Row.Id) is not { } stream)
            return ApiError.TooManyRequests(RetryAfter);
        // Disables the buffering of the response in proxies.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(EventsAsync(stream, user.Row, context, feed, CancellationToken.None));
    }

    /// <summary>Yields events until the browser disconnects, the server stops, or the session ends.</summary>
    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        TaskStream stream, User user, HttpContext context, TaskFeed feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var services = context.RequestServices;
        var clock = services.GetRequiredService<TimeProvider>();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.RequestAborted,
            services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            while (await NextAsync(stream, clock, end.Token) is { } item)
            {
                if (item.EventType == Heartbeat && !await IsSignedInAsync(services, user, end.Token))
                    yield break;
                yield return item;
            }
        }
        finally
        {
            feed.Close(stream);
        }
    }

    /// <returns>Null at the end of the stream.</returns>
    private static async Task<SseItem<string>?> NextAsync(TaskStream stream, TimeProvider clock, CancellationToken end)
    {
        try
        {
            return await stream.NextAsync(HeartbeatPause, clock, end) is { } state ? new SseItem<string>(state, StateEvent)
                : new SseItem<string>("", Heartbeat);
        }
        catch (Exception over) when (over is ChannelClosedException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Deleted users and changed passwords end the session.</summary>
    private static async Task<bool> IsSignedInAsync(IServiceProvider services, User user, CancellationToken cancellationToken)
    {
        // A new context, because that of the request still tracks the user as read at the start of the stream.
        await using var scope = services.CreateAsyncScope();
        var found = await scope.ServiceProvider.GetRequiredService<UserStore>().FindAsync(user.Id, cancellationToken);
        return found is not null && UserStore.StampOf(found) == UserStore.StampOf(user);
    }
}
