using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks;

/// <summary>The task in the path, if it belongs to the caller's account.</summary>
public sealed record OwnedTask(IndexingTask Row)
{
    /// <exception cref="ApiException">Malformed identifier, or no such task.</exception>
    public static async ValueTask<OwnedTask?> BindAsync(HttpContext context)
    {
        var id = Identifier.FromRoute(context, "taskId", "task-id");
        var (db, caller) = (context.RequestServices.GetRequiredService<VideoDbContext>(), context.Features.GetRequiredFeature<Caller>());
        return await db.Tasks.AsNoTracking().OwnedBy(caller.AccountId)
            .SingleOrDefaultAsync(task => task.Id == id, context.RequestAborted) is { } task
            ? new OwnedTask(task)
            : throw new ApiException(ApiError.NotFound("tasks", id));
    }
}
