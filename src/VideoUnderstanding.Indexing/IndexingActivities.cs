using System.Diagnostics;

namespace VideoUnderstanding.Indexing;

/// <summary>The source of traces: one activity a try, one below it a stage.</summary>
public static class IndexingActivities
{
    public const string SourceName = "VideoUnderstanding.Indexing";

    internal static readonly ActivitySource Source = new(SourceName);
}
