using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Progress of the switch of one index.</summary>
/// <param name="Done">Seconds of video that are embedded.</param>
/// <param name="Total">Seconds of video in all, including those that were embedded before an interruption.</param>
/// <param name="Remaining">Null until it can be estimated.</param>
public sealed record SwitchProgress(string Video, double Done, double Total, TimeSpan? Remaining);

/// <summary>Switches an index to the models of another profile. Searches use the present models until all finished videos are embedded with
/// the new ones. A process that is killed loses at most one video; running it again continues. docs/decisions/0020-model-generations.md.
/// </summary>
public sealed class ModelSwitch(
    VideoDbContext db, GenerationWriter writer, ModelSets modelSets, SessionLeases leases, IOptions<SearchTableOptions> tables,
    TimeProvider clock)
{
    /// <param name="profile">Null: back to the generation before the last switch.</param>
    /// <param name="speech">True recognises speech again if the speech model differs; false keeps the transcripts. A generation that was
    /// started with true is continued with true.</param>
    /// <returns>False if the index uses the profile already, or there is no previous generation.</returns>
    /// <exception cref="ModelSwitchException">The index cannot be switched; searches use the present models.</exception>
    /// <exception cref="ModelUnavailableException">Files of the profile are missing.</exception>
    public async Task<bool> RunAsync(
        VideoIndex index, string? profile, bool speech, Action<SwitchProgress> report, CancellationToken cancellationToken)
    {
        await using var lease = await TakeAsync(index.Id, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost, cancellationToken);
        if (await TargetAsync(index.Id, profile, speech, either.Token) is not { } generation)
            return false;
        do
        {
            await BuildAsync(index, generation, report, either.Token);
            await RequireIndexAsync(index.Id, either.Token);
            await writer.CompleteAsync(index, await PlanAsync(index.Id, generation, either.Token), either.Token);
            await SearchGenerations.IndexVectorsAsync(db, index.Id, generation, tables.Value.SharedRows, either.Token);
        }
        while (!await SearchGenerations.TrySwitchAsync(db, index.Id, generation, either.Token));
        return true;
    }

    /// <summary>Returns the name of the profile before the last switch; null if there was none, or its vectors were deleted.</summary>
    public async Task<string?> PreviousAsync(string indexId, CancellationToken cancellationToken)
        => await SearchGenerations.ReadAsync(db, indexId, cancellationToken) is { PreviousGeneration: not null } set
            ? NameOf(set.PreviousProfile)
            : null;

    /// <summary>Deletes the vectors of all profiles except the one that searches use.</summary>
    /// <returns>False if they are being read; calling again completes the deletion.</returns>
    /// <exception cref="ModelSwitchException">A switch is running.</exception>
    public async Task<bool> PruneAsync(string indexId, CancellationToken cancellationToken)
    {
        await using var lease = await TakeAsync(indexId, cancellationToken);
        return await SearchGenerations.PruneAsync(db, indexId, cancellationToken);
    }

    private string NameOf(string? profile) => modelSets.Of(profile).Models.Profile.Name;

    /// <summary>One process at a time works on the generations of an index.</summary>
    private async Task<SessionLease> TakeAsync(string indexId, CancellationToken cancellationToken)
        => await leases.TryAcquireAsync($"models of {indexId}", cancellationToken)
            ?? throw new ModelSwitchException("Another process is switching its models.");

    /// <returns>The generation to build, which is new, unfinished, or the previous one; null if there is nothing to do.</returns>
    private async Task<int?> TargetAsync(string indexId, string? profile, bool speech, CancellationToken cancellationToken)
    {
        var set = await SearchGenerations.ReadAsync(db, indexId, cancellationToken);
        if (profile is null)
        {
            if (set.PreviousGeneration is not null)
                RequireInstalled(modelSets.Of(set.PreviousProfile).Models);
            return set.PreviousGeneration;
        }
        if (NameOf(set.Profile) == profile && !(speech && set.HasOutdatedTranscripts))
            return null;
        var (old, models) = (modelSets.Of(set.Profile).Models, modelSets.Of(profile).Models);
        RequireInstalled(models);
        if (set.PreviousGeneration is { } previous)
            return NameOf(set.PreviousProfile) == profile && !(speech && set.PreviousHasOutdatedTranscripts)
                ? previous
                : throw new ModelSwitchException($"It still has the vectors of the profile {NameOf(set.PreviousProfile)} from its last "
                    + $"switch. Delete them first: ./vu models prune --index {indexId}");
        var outdatedTranscripts = !speech && (set.HasOutdatedTranscripts || GenerationWriter.Differ(old, models, ModelRole.Speech));
        return set.NextGeneration is { } next && NameOf(set.NextProfile) == profile
            && (!set.NextHasOutdatedTranscripts || outdatedTranscripts)
            ? next
            : await SearchGenerations.BeginAsync(db, indexId, profile, models.VectorModels(), outdatedTranscripts, cancellationToken);
    }

    private static void RequireInstalled(ModelSet models)
    {
        if (models.Roles.Select(models.WhyUnavailable).FirstOrDefault(why => why is not null) is { } missing)
            throw new ModelUnavailableException(missing);
    }

    private async Task<GenerationPlan> PlanAsync(string indexId, int generation, CancellationToken cancellationToken)
        => PlanOf(await SearchGenerations.ReadAsync(db, indexId, cancellationToken), generation);

    /// <summary>Speech is transcribed for the previous generation only if both generations have transcripts of their own speech
    /// model.</summary>
    private GenerationPlan PlanOf(SearchTableSet set, int generation)
    {
        var isNext = set.NextGeneration == generation;
        var profile = isNext ? set.NextProfile : set.PreviousProfile;
        var differs = GenerationWriter.Differ(modelSets.Of(set.Profile).Models, modelSets.Of(profile).Models, ModelRole.Speech);
        return new GenerationPlan(generation, set.Profile, profile, isNext
            ? !set.NextHasOutdatedTranscripts && (differs || set.HasOutdatedTranscripts)
            : !set.PreviousHasOutdatedTranscripts && !set.HasOutdatedTranscripts && differs);
    }

    /// <summary>Embeds finished videos until none is missing.</summary>
    private async Task BuildAsync(
        VideoIndex index, int generation, Action<SwitchProgress> report, CancellationToken cancellationToken)
    {
        var meter = new SwitchMeter(await TotalAsync(index.Id, cancellationToken), report, clock);
        while (await SearchGenerations.MissingVideosAsync(db, index.Id, generation, cancellationToken) is { Count: > 0 } missing)
        {
            var plan = await PlanAsync(index.Id, generation, cancellationToken);
            meter.Begin(missing.Sum(video => video.Seconds));
            var unreadable = new List<string>();
            foreach (var video in missing)
            {
                if (await TryWriteAsync(index, video.Id, plan, share => meter.Report(video, share), cancellationToken) is { } reason)
                    unreadable.Add($"{video.Id} ({video.Filename}): {reason}");
                meter.Finish(video);
            }
            await RequireIndexAsync(index.Id, cancellationToken);
            if (unreadable.Count > 0)
                throw new ModelSwitchException("It was not switched, because videos could not be read again. Delete these videos or "
                    + $"restore their files, and run the command again: {string.Join("; ", unreadable)}");
        }
    }

    /// <returns>Why the video cannot be embedded; null if it is, or was deleted.</returns>
    private async Task<string?> TryWriteAsync(
        VideoIndex index, string videoId, GenerationPlan plan, Action<double> report, CancellationToken cancellationToken)
    {
        try
        {
            await writer.WriteAsync(index, videoId, plan, report, cancellationToken);
            return null;
        }
        catch (Exception failure) when (failure is MediaException or ModelSwitchException)
        {
            // The file of a video that was deleted meanwhile is missing, too.
            return await db.Videos.AnyAsync(row => row.Id == videoId, cancellationToken) ? failure.Message : null;
        }
    }

    private async Task RequireIndexAsync(string indexId, CancellationToken cancellationToken)
    {
        if (!await db.Indexes.AnyAsync(index => index.Id == indexId && index.DeletedAt == null, cancellationToken))
            throw new ModelSwitchException("It was deleted.");
    }

    private Task<double> TotalAsync(string indexId, CancellationToken cancellationToken)
        => db.Videos.Where(video => video.IndexId == indexId && video.IndexedAt != null)
            .SumAsync(video => video.Duration ?? 0, cancellationToken);
}

/// <summary>Estimates the remaining time from the speed of this process.</summary>
internal sealed class SwitchMeter(double total, Action<SwitchProgress> report, TimeProvider clock)
{
    private readonly long _begin = clock.GetTimestamp();
    private double _embedded;
    private double _missing;

    /// <param name="missing">Seconds of video to embed.</param>
    public void Begin(double missing) => _missing = missing;

    /// <param name="share">Share of the video that is done, 0 to 1.</param>
    public void Report(MissingVideo video, double share)
    {
        var (now, left) = (_embedded + video.Seconds * share, _missing - video.Seconds * share);
        TimeSpan? remaining = now > 0 ? clock.GetElapsedTime(_begin) * (left / now) : null;
        report(new SwitchProgress(video.Filename, Math.Max(0, total - left), total, remaining));
    }

    public void Finish(MissingVideo video)
    {
        _embedded += video.Seconds;
        _missing -= video.Seconds;
        Report(video with { Seconds = 0 }, 1);
    }
}

/// <summary>The models of an index cannot be switched now. The message is for the operator.</summary>
public sealed class ModelSwitchException(string message) : Exception(message);
