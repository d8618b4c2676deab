using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Assigns labels to videos. A video has a label if the fragments that match its prompts cover enough of the video. CONTRACT,
/// section 9.</summary>
public sealed class VideoClassification(VideoDbContext db, IQueryVectors vectors, LogoFinder logos, IOptions<ClassificationOptions> options,
    IOptions<VideoSearchOptions> limits)
{
    /// <summary>Maximum comparisons per batch, which limits memory. A single video may exceed it.</summary>
    private const long BatchComparisons = 1_000_000;

    /// <summary>Maximum videos per batch.</summary>
    private const int BatchVideos = 500;

    /// <summary>Returns the finished videos of a query and the number of comparisons, so that the caller can reject expensive
    /// requests.</summary>
    public async Task<ClassificationPlan> PlanAsync(ClassificationQuery query, CancellationToken cancellationToken)
    {
        var videos = db.Videos.Where(video => video.IndexId == query.IndexId && video.IndexedAt != null);
        if (query.VideoIds is { } ids)
            videos = videos.Where(video => ids.Contains(video.Id));
        // Counting rows of a large index is slow, so only the tables that the options need are counted.
        var wanted = query.Labels.SelectMany(label => label.Options).ToHashSet();
        var (frames, regions) = (wanted.Contains(IndexOptions.Visual), wanted.Contains(IndexOptions.Logo));
        var (speech, screen) = (wanted.Contains(IndexOptions.Conversation), regions || wanted.Contains(IndexOptions.TextInVideo));
        return new ClassificationPlan(query, await SearchTableStore.InSnapshotAsync(db, query.IndexId, tables =>
        {
            var (pictures, texts, parts, sounds) = (db.FramesIn(tables), db.SegmentsIn(tables), db.RegionsIn(tables), db.SoundsIn(tables));
            return videos.OrderBy(video => video.Id)
                .Select(video => new PlannedVideo(
                    video.Id, video.Duration ?? 0,
                    frames ? pictures.Count(frame => frame.VideoId == video.Id) : 0,
                    speech || screen
                        ? texts.Count(segment => segment.VideoId == video.Id
                            && ((speech && segment.Source == TextSource.Speech) || (screen && segment.Source == TextSource.Screen)))
                        : 0,
                    regions ? parts.Count(region => region.VideoId == video.Id) : 0,
                    frames ? sounds.Count(moment => moment.VideoId == video.Id) : 0))
                .ToListAsync(cancellationToken);
        }, () => [], cancellationToken));
    }

    /// <returns>All videos of the plan, including those without labels; null if the labels or clips exceed the configured limits.</returns>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public async Task<IReadOnlyList<VideoLabels>?> RunAsync(ClassificationPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Videos.Count == 0)
            return [];
        if (plan.Query.Labels.Any(label => label.Options.Contains(IndexOptions.Logo)))
            await logos.PrepareAsync(plan.Query.IndexId, cancellationToken);
        return await SearchTableStore.InSnapshotAsync(db, plan.Query.IndexId, tables => RunAsync(plan, tables, cancellationToken), () => [],
            cancellationToken);
    }

    private async Task<IReadOnlyList<VideoLabels>?> RunAsync(
        ClassificationPlan plan, SearchTableNames tables, CancellationToken cancellationToken)
    {
        var index = new SearchScope(plan.Query.IndexId, VideoFilter.None) { Tables = tables };
        var (query, settings) = (plan.Query, options.Value);
        var matcher = new LabelMatcher(query.Bounds, settings.MinShare, query.KeepsClips ? settings.ClipsPerLabel : null);
        var finder = await FragmentFinder.ForAsync(
            plan, index, db, vectors.OfProfile(tables.Profile), logos, limits.Value, cancellationToken);
        var classified = new List<VideoLabels>(plan.Videos.Count);
        var (labels, clips) = (0, 0);
        foreach (var batch in Batches(plan))
        {
            var scope = index with { Filter = new VideoFilter([new VideoIsOneOf([.. batch.Select(video => video.Id)])]) };
            var hits = await finder.FindAsync(scope, query.Bounds.Fragment, cancellationToken);
            classified.AddRange(batch.Select(video => new VideoLabels(video.Id, [.. query.Labels
                .Select(label => matcher.Match(label.Name, hits.Of(video.Id, label), video.Duration))
                .OfType<LabelMatch>()
                .OrderByDescending(label => label.MaxScore)])));
            var found = classified.TakeLast(batch.Count).SelectMany(video => video.Labels).ToList();
            labels += found.Count;
            clips += found.Sum(label => label.Clips?.Count ?? 0);
            if (labels > settings.MaxLabels || clips > settings.MaxClips)
                return null;
        }
        return classified;
    }

    internal static IEnumerable<IReadOnlyList<PlannedVideo>> Batches(ClassificationPlan plan)
    {
        var batch = new List<PlannedVideo>();
        var size = 0L;
        foreach (var video in plan.Videos)
        {
            var comparisons = plan.ComparisonsOf(video);
            if (batch.Count == BatchVideos || (batch.Count > 0 && size + comparisons > BatchComparisons))
            {
                yield return batch;
                (batch, size) = ([], 0);
            }
            batch.Add(video);
            size += comparisons;
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
