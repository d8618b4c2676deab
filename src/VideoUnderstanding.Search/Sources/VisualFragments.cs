using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Moments whose pictures fit a text: nearest frames choose the videos, and each video's whole curve is cut into moments.</summary>
internal sealed class VisualFragments(ClipReader reader, IQueryVectors vectors, IOptions<VideoSearchOptions> options)
{
    /// <summary>Frames that stand for the ordinary picture of an index: of so many videos, so many each.</summary>
    internal const int SampledVideos = 20;
    internal const int SampledFrames = 100;

    /// <summary>Looks for further videos, each leaving out those that were found.</summary>
    private const int Rounds = 4;

    private readonly VideoSearchOptions limits = options.Value;

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, CancellationToken cancellationToken)
    {
        var query = await vectors.ForFramesAsync(text, cancellationToken);
        var map = vectors.ScoresOf(EvidenceRole.Visual);
        var background = await BackgroundAsync(scope.IndexId, query, cancellationToken);
        var size = await reader.SizeOfFramesAsync(scope, limits.CandidateVectors, cancellationToken);
        var narrow = size == ScopeSize.Small ? scope : await NarrowAsync(scope, size, query, cancellationToken);
        var found = new List<FoundMoment>();
        await foreach (var (videoId, frames) in VideosAsync(narrow, query, cancellationToken))
        {
            found.AddRange(Cut(frames, background).Select(moment => new FoundMoment(videoId, moment)));
            // Bounded while it grows: only the best can reach the answer.
            if (found.Count > 4 * limits.Clips)
                found = Best(found);
        }
        found = Best(found);
        var levels = map.NeedsStanding ? await LevelsAsync(scope.IndexId, found, cancellationToken) : null;
        // A video may be deleted, or indexed anew, after its curve was read.
        if (levels is not null)
            found.RemoveAll(one => one.Moment.Best.Any(best => !levels.ContainsKey(new FramePlace(one.VideoId, best.Frame.Start))));
        var scores = new MomentScores(map, background);
        return [.. found.Select(one => scores.Fragment(one.VideoId, one.Moment, levels is null ? null : frame => levels[new FramePlace(one.VideoId, frame.Start)]))
            .OrderByDescending(fragment => fragment.Score).ThenByDescending(fragment => fragment.Evidence?.Standing)];
    }

    internal static IReadOnlyList<Moment> Cut(IReadOnlyList<CurveFrame> frames, IndexBackground background, MomentShape? shape = null)
        => WholeSeconds.Of(MomentFinder.Find(frames, background.Median, shape), frames[^1].End);

    private readonly record struct FoundMoment(string VideoId, Moment Moment);

    private List<FoundMoment> Best(List<FoundMoment> found) => [.. found.OrderByDescending(one => one.Moment.Similarity).Take(limits.Clips)];

    /// <summary>What the generic captions get on the frames that make the moments.</summary>
    private async Task<Dictionary<FramePlace, BankLevel>> LevelsAsync(string indexId, IEnumerable<FoundMoment> found, CancellationToken cancellationToken)
    {
        var bank = await vectors.BankOfAsync(EvidenceRole.Visual, cancellationToken);
        HashSet<FramePlace> places = [.. found.SelectMany(one => one.Moment.Best.Select(best => new FramePlace(one.VideoId, best.Frame.Start)))];
        var levels = new Dictionary<FramePlace, BankLevel>(places.Count);
        await foreach (var (place, vector) in reader.FrameVectorsAtAsync(indexId, places, cancellationToken))
            levels[place] = bank.LevelOf(vector);
        return levels;
    }

    /// <summary>From the whole index whatever the filter, so that a filter does not change the moments.</summary>
    private async Task<IndexBackground> BackgroundAsync(string indexId, float[] query, CancellationToken cancellationToken)
        => IndexBackground.Of(await reader.SampleDistancesAsync(indexId, query, SampledVideos, SampledFrames, cancellationToken));

    /// <summary>The part of a large scope that is looked at frame by frame: the videos of the nearest frames, as many as the settings allow.</summary>
    private async Task<SearchScope> NarrowAsync(SearchScope scope, ScopeSize size, float[] query, CancellationToken cancellationToken)
    {
        var videos = size == ScopeSize.Large
            ? await VideosOfNearestAsync(scope, query, cancellationToken)
            : (await reader.NearestVideosAsync(scope, query, limits.CandidateVideos, cancellationToken)).Videos;
        var sizes = await reader.CountRowsOfAsync(SizeQueries.Frames, scope, videos, cancellationToken);
        var left = (long)limits.CurveFrames;
        var kept = videos.Take(limits.CandidateVideos).TakeWhile((video, i) => (left -= sizes.GetValueOrDefault(video)) >= 0 || i == 0).ToList();
        return scope with { Filter = new([.. scope.Filter.Conditions, new Filters.VideoIsOneOf(kept)]) };
    }

    private async Task<List<string>> VideosOfNearestAsync(SearchScope scope, float[] query, CancellationToken cancellationToken)
    {
        var videos = new List<string>();
        for (var round = 0; round < Rounds && videos.Count < limits.CandidateVideos; round++)
        {
            // The first look is never short; where a further one is, the index has given up among what was found before.
            var hits = round == 0
                ? await reader.NearestFramesAsync(scope, ScopeSize.Large, query, limits.CandidateVectors, cancellationToken)
                : await reader.FramesByIndexAsync(scope, query, limits.CandidateVectors, videos, cancellationToken);
            videos.AddRange(hits.Select(hit => hit.VideoId).Distinct());
            if (hits.Count < limits.CandidateVectors)
                break;
        }
        if (videos.Count >= limits.CandidateVideos)
            return videos;
        // A few videos hold all that is near: looking on would take longer than comparing everything once. Where that is too much, what a sample
        // tells comes behind what was found, so that no answer is short for it.
        var (others, isExact) = await reader.NearestVideosAsync(scope, query, limits.CandidateVideos, cancellationToken);
        return isExact ? others : [.. videos.Union(others)];
    }

    private async IAsyncEnumerable<(string VideoId, IReadOnlyList<CurveFrame> Frames)> VideosAsync(
        SearchScope scope, float[] query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? video = null;
        List<CurveFrame> frames = [];
        await foreach (var hit in reader.CurvesAsync(scope, query, cancellationToken))
        {
            if (video is not null && hit.VideoId != video)
            {
                yield return (video, frames);
                frames = [];
            }
            video = hit.VideoId;
            frames.Add(new CurveFrame(hit.Start, hit.End, hit.Shot, 1 - hit.Distance));
        }
        if (video is not null)
            yield return (video, frames);
    }
}
