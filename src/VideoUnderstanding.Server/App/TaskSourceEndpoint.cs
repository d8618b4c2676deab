using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.App;

/// <summary>The address that a task fetches its video from. The web app needs it to try a failed task again.</summary>
internal static class TaskSourceEndpoint
{
    public static void MapTaskSource(this RouteGroupBuilder app)
        => app.MapGet("/tasks/{taskId}/source", RetrieveSource).WithMetadata(new SessionRequired());

    private static Ok<TaskSourceResponse> RetrieveSource(OwnedTask task) => TypedResults.Ok(new TaskSourceResponse(task.Row.VideoUrl));
}

/// <param name="VideoUrl">The address that the video was fetched from; left out for an uploaded file.</param>
public sealed record TaskSourceResponse(string? VideoUrl);
