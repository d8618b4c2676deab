using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.App;

/// <summary>Returns the address from which a task fetches its video. The web app uses it to repeat a failed task.</summary>
internal static class TaskSourceEndpoint
{
    public static void MapTaskSource(this RouteGroupBuilder app)
        => app.MapGet("/tasks/{taskId}/source", RetrieveSource).WithMetadata(new SessionRequired());

    private static Ok<TaskSourceResponse> RetrieveSource(OwnedTask task) => TypedResults.Ok(new TaskSourceResponse(task.Row.VideoUrl));
}

/// <param name="VideoUrl">Address of the video; omitted for an uploaded file.</param>
public sealed record TaskSourceResponse(string? VideoUrl);
