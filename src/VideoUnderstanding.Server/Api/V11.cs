using VideoUnderstanding.Server.Api.Classify;
using VideoUnderstanding.Server.Api.Engines;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Streams;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Transfers;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Api;

/// <summary>Maps all resources and aliases of v1.1.</summary>
public static class V11
{
    public static void MapV11(this WebApplication app)
    {
        app.MapV11Below("/v1.1");
        // The path that the Playground used. CONTRACT, section 1.
        app.MapV11Below("/p/v1.1");
        // Outside the groups, because these routes use signed addresses instead of keys.
        app.MapThumbnailFiles();
        app.MapStreams();
    }

    private static void MapV11Below(this WebApplication app, string root)
    {
        var v11 = app.MapGroup(root).WithMetadata(new ApiKeyRequired());
        v11.MapEngines();
        v11.MapIndexes();
        v11.MapVideos();
        v11.MapTasks("/tasks");
        v11.MapTransfers("/tasks/transfers");
        // Paths of tasks before 1.1. CONTRACT, section 6.6.
        v11.MapTasks("/indexes/tasks");
        v11.MapOldTasks("/indexes/tasks");
        v11.MapTransfers("/indexes/tasks/transfers");
        v11.MapTransfers("/indexes/tasks/transfer");
        v11.MapSearch();
        v11.MapClassify();
    }
}
