using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Api.Engines;

/// <summary>The engines of v1.1, newest first. All names use the same models; they exist for compatibility with clients.</summary>
public static class EngineTable
{
    private static readonly string[] Options = [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo,
        IndexOptions.Logo];

    public static IReadOnlyList<EngineResponse> All { get; } =
    [
        Engine("marengo2.5", new DateTimeOffset(2023, 5, 20, 2, 0, 0, TimeSpan.Zero)),
        Engine("marengo2", new DateTimeOffset(2022, 7, 4, 3, 5, 27, 68, TimeSpan.Zero)),
        Engine("marengo", new DateTimeOffset(2022, 3, 1, 9, 0, 0, TimeSpan.Zero)),
    ];

    public static EngineResponse? Find(string id) => All.FirstOrDefault(engine => engine.Id == id);

    private static EngineResponse Engine(string id, DateTimeOffset since)
        => new(id, "twelve_labs", Options, Ready: true, Finetune: false, since, since);
}
