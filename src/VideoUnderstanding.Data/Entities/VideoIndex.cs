using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A set of videos that are searched together. Engine, options and add-ons are immutable.</summary>
public sealed class VideoIndex : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string Name
    {
        get;
        set
        {
            field = value;
            NormalName = NormalForm.Of(value);
        }
    }

    /// <summary><see cref="NormalForm"/> of the name, for filters only.</summary>
    public string NormalName { get; private set; } = "";

    public required string EngineId { get; init; }

    /// <summary>Any of <see cref="IndexOptions"/>.</summary>
    public required string[] Options { get; init; }

    /// <summary>Any of <c>thumbnail</c>, <c>logo</c>.</summary>
    public required string[] Addons { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Time of deletion: the row remains readable, but its contents are deleted.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

public static class VideoIndexQueries
{
    /// <summary>Returns indexes that are not deleted.</summary>
    public static IQueryable<VideoIndex> Live(this IQueryable<VideoIndex> indexes) => indexes.Where(index => index.DeletedAt == null);
}

/// <summary>Index options of API v1.1.</summary>
public static class IndexOptions
{
    public const string Visual = "visual";
    public const string Conversation = "conversation";
    public const string TextInVideo = "text_in_video";
    public const string Logo = "logo";
}

/// <summary>Add-ons of API v1.1.</summary>
public static class IndexAddons
{
    public const string Thumbnail = "thumbnail";
    public const string Logo = "logo";
}
