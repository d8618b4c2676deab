using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Indexes;

/// <summary>The index in the path, if it belongs to the caller's account and is not deleted. For a deleted index all its resources return
/// 404.</summary>
public sealed record LiveIndex(VideoIndex Row)
{
    /// <exception cref="ApiException">Malformed identifier, or no such index.</exception>
    public static async ValueTask<LiveIndex?> BindAsync(HttpContext context)
    {
        var id = Identifier.FromRoute(context, "indexId", "index-id");
        var db = context.RequestServices.GetRequiredService<VideoDbContext>();
        return await FindAsync(db, context.Features.GetRequiredFeature<Caller>(), id, context.RequestAborted) is { } index
            ? new LiveIndex(index)
            : throw new ApiException(ApiError.NotFound("indexes", id));
    }

    public static Task<VideoIndex?> FindAsync(VideoDbContext db, Caller caller, string id, CancellationToken cancellationToken)
        => db.Indexes.OwnedBy(caller.AccountId).Live().SingleOrDefaultAsync(index => index.Id == id, cancellationToken);
}
