using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Finds moments whose frames match a text or a picture. The nearest frames select the videos, and the similarity curve of each
/// video around them is segmented into moments.</summary>
internal sealed class VisualFragments(ClipReader reader, IQueryVectors vectors, IOptions<VideoSearchOptions> options)
{
    /// <summary>Sample for the index background: number of videos, and of frames per video.</summary>
    internal const int SampledVideos = 20;
    internal const int SampledFrames = 100;

    /// <summary>Videos whose curves are read with one SQL statement.</summary>
    private const int VideosPerQuery = 50;

    private readonly VideoSearchOptions _limits = options.Value;

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, CancellationToken cancellationToken)
        => await FindAsync(scope, await vectors.ForFramesAsync(text, cancellationToken), EvidenceRole.Visual, cancellationToken);

    /// <param name="picture">Unit vector of the picture.</param>
    public Task<IReadOnlyList<Fragment>> LikePictureAsync(SearchScope scope, float[] picture, CancellationToken cancellationToken)
        => FindAsync(scope, picture, EvidenceRole.Picture, cancellationToken);

    private async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, float[] query, EvidenceRole role, CancellationToken cancellationToken)
    {
        var map = vectors.ScoresOf(role);
        var isSmall = await reader.IsSmallAsync(SearchTable.Frames, scope, null, cancellationToken);
        var nearestTask = isSmall ? Task.FromResult<List<NearVideo>>([]) : reader.NearestVideosAsync(scope, query, cancellationToken);
        var backgroundTask = BackgroundAsync(scope, query, cancellationToken);
        await Task.WhenAll(nearestTask, backgroundTask);
        var (nearest, background) = (await nearestTask, await backgroundTask);
        var found = new List<FoundMoment>();
        await foreach (var (videoId, moments) in isSmall ? AllVideosAsync(scope, query, background, cancellationToken)
            : NearVideosAsync(scope, query, nearest, background, cancellationToken))
        {
            found.AddRange(moments.Select(moment => new FoundMoment(videoId, moment)));
            // Truncates the list while it grows; only the best moments are returned.
            if (found.Count > 4 * _limits.Clips)
                found = Best(found);
        }
        found = Best(found);
        var statistics = map.NeedsNormalizedScore
            ? await StatisticsAsync(scope,
                found.SelectMany(one => one.Moment.Best.Select(best => new FramePlace(one.VideoId, best.Frame.Start))), cancellationToken)
            : null;
        var scores = new MomentScores(map, background);
        return [
            .. found.Select(
                one => scores.Fragment(one.VideoId, one.Moment,
                    statistics is null ? null : frame => statistics[new FramePlace(one.VideoId, frame.Start)]))
                .OrderByDescending(fragment => fragment.Score).ThenByDescending(fragment => fragment.Evidence?.NormalizedScore)];
    }

    /// <summary>Returns the scores of the frames around hits of a text.</summary>
    public async Task<IReadOnlyList<double?[]>> CurvesAsync(
        SearchScope scope, string text, IReadOnlyList<CurveWindow> windows, CancellationToken cancellationToken)
        => await CurvesAsync(scope, await vectors.ForFramesAsync(text, cancellationToken), EvidenceRole.Visual, windows, cancellationToken);

    /// <param name="query">Unit vector of a text or of a picture.</param>
    /// <returns>For each window, the score of the most similar frame of each step; null for a step without a frame.</returns>
    public async Task<IReadOnlyList<double?[]>> CurvesAsync(SearchScope scope, float[] query, EvidenceRole role,
        IReadOnlyList<CurveWindow> windows, CancellationToken cancellationToken)
    {
        var map = vectors.ScoresOf(role);
        var scores = new MomentScores(map, await BackgroundAsync(scope, query, cancellationToken));
        var best = await BestFramesAsync(scope, query, windows, cancellationToken);
        FramePlace PlaceOf(int window, CurveFrame frame) => new(windows[window].VideoId, frame.Start);
        var places = best.SelectMany((steps, window) => steps.OfType<CurveFrame>().Select(frame => PlaceOf(window, frame)));
        var statistics = map.NeedsNormalizedScore ? await StatisticsAsync(scope, places, cancellationToken) : null;
        return [
            .. best.Select((steps, window) => Array.ConvertAll(steps, step => step is not { } frame ? (double?)null
                : scores.ScoreOf(frame, statistics is null ? null : statistics[PlaceOf(window, frame)])))];
    }

    /// <summary>Compares all frames of the windows. Together they have at most <see cref="VideoSearchOptions.CurveFrames"/>; of a longer
    /// window the first ones are compared.</summary>
    private async Task<CurveFrame?[][]> BestFramesAsync(
        SearchScope scope, float[] query, IReadOnlyList<CurveWindow> windows, CancellationToken cancellationToken)
    {
        var stretches = windows.Select(window
            => new CurveStretch(window.VideoId, window.From, window.To, Math.Max(1, _limits.CurveFrames / windows.Count))).ToList();
        foreach (var (window, start) in await reader.FramesBeforeAsync(scope, stretches, cancellationToken))
            stretches[window] = stretches[window] with { From = start };
        var best = windows.Select(window => window.BestOf([])).ToArray();
        await foreach (var (window, frames) in reader.CurvesOfAsync(scope, query, stretches, cancellationToken))
            best[window] = windows[window].BestOf(frames);
        return best;
    }

    internal static IReadOnlyList<Moment> FindMoments(
        IReadOnlyList<CurveFrame> frames, IndexBackground background, MomentShape? shape = null)
        => WholeSeconds.Of(MomentFinder.Find(frames, background.Median, shape), frames[^1].End);

    private readonly record struct FoundMoment(string VideoId, Moment Moment);

    private List<FoundMoment> Best(List<FoundMoment> found)
        => [.. found.OrderByDescending(one => one.Moment.Similarity).Take(_limits.Clips)];

    /// <summary>Returns the statistics of the generic captions for these frames.</summary>
    private async Task<Dictionary<FramePlace, CaptionStatistics>> StatisticsAsync(
        SearchScope scope, IEnumerable<FramePlace> frames, CancellationToken cancellationToken)
    {
        var bank = await vectors.BankOfAsync(EvidenceRole.Visual, cancellationToken);
        var places = frames.ToHashSet();
        var statistics = new Dictionary<FramePlace, CaptionStatistics>(places.Count);
        await foreach (var (place, vector) in reader.FrameVectorsAtAsync(scope, places, cancellationToken))
            statistics[place] = bank.StatisticsOf(vector);
        return statistics;
    }

    /// <summary>Samples the whole index regardless of the filter, so that a filter does not change the moments.</summary>
    private async Task<IndexBackground> BackgroundAsync(SearchScope scope, float[] query, CancellationToken cancellationToken)
        => IndexBackground.Of(await reader.SampleDistancesAsync(scope, query, SampledVideos, SampledFrames, cancellationToken));

    private async IAsyncEnumerable<(string VideoId, IReadOnlyList<Moment> Moments)> AllVideosAsync(
        SearchScope scope, float[] query, IndexBackground background, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (videoId, frames) in reader.CurvesAsync(scope, query, cancellationToken))
            yield return (videoId, FindMoments(frames, background));
    }

    /// <summary>Returns the moments of the videos with the nearest frames, nearest first, until CurveFrames is reached.</summary>
    private async IAsyncEnumerable<(string VideoId, IReadOnlyList<Moment> Moments)> NearVideosAsync(SearchScope scope, float[] query,
        IReadOnlyList<NearVideo> nearest, IndexBackground background, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = _limits.CurveFrames;
        foreach (var videos in nearest.Chunk(VideosPerQuery))
        {
            var found = await AroundHitsAsync(scope, query, videos, background, cancellationToken);
            foreach (var video in videos.Select(near => near.VideoId).Where(found.ContainsKey))
            {
                var (moments, frames) = found[video];
                if (left < frames && left < _limits.CurveFrames)
                    yield break;
                left -= frames;
                yield return (video, moments);
            }
        }
    }

    /// <summary>Reads the curves around the hits, and then in full the ranges between samples in which moments begin or end.</summary>
    /// <returns>The moments of each video, and the number of its frames that were read.</returns>
    private async Task<Dictionary<string, (IReadOnlyList<Moment> Moments, int Frames)>> AroundHitsAsync(SearchScope scope, float[] query,
        IReadOnlyList<NearVideo> videos, IndexBackground background, CancellationToken cancellationToken)
    {
        var curves = videos.ToDictionary(near => near.VideoId, near => new PartialCurve(near));
        var found = new Dictionary<string, (IReadOnlyList<Moment> Moments, int Frames)>();
        await ReadAsync(curves.Values.SelectMany(curve => curve.Stretches));
        await ReadAsync(found.SelectMany(one => curves[one.Key].Refine(one.Value.Moments)));
        return found;

        async Task ReadAsync(IEnumerable<(CurveStretch Stretch, int Position)> parts)
        {
            var wanted = parts.ToList();
            // At the same time if the search may use a second connection.
            await Task.WhenAll(wanted.Chunk(Math.Max(1, (wanted.Count + 1) / 2)).Select(ReadPartAsync));
            foreach (var videoId in wanted.Select(part => part.Stretch.VideoId).Distinct())
                if (curves[videoId].Frames is { Count: > 0 } frames)
                    found[videoId] = (FindMoments(frames, background), frames.Count);
        }

        async Task ReadPartAsync((CurveStretch Stretch, int Position)[] part)
        {
            await foreach (var (number, frames) in reader.CurvesOfAsync(scope, query, [.. part.Select(one => one.Stretch)],
                cancellationToken))
                curves[part[number].Stretch.VideoId].Set(part[number].Position, frames);
        }
    }
}
