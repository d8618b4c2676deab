using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Server.Health;

/// <summary>Loads the query models of the profiles that single indexes use or are being switched to, so that searches do not wait for them
/// after a switch.</summary>
public sealed partial class SwitchedModels(
    IServiceScopeFactory scopes, ModelSets modelSets, TimeProvider clock, ILogger<SwitchedModels> logger) : BackgroundService
{
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private static readonly ModelRole[] Roles = [ModelRole.VisualText, ModelRole.TextEmbedding, ModelRole.Sound];

    private readonly HashSet<string> _loaded = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollInterval, clock);
        do
        {
            try
            {
                foreach (var profile in await ProfilesAsync(stoppingToken))
                    await LoadAsync(profile, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The database or a model is not available; searches report it. Tried again later.
                LogNotLoaded(logger, failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<List<string>> ProfilesAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var sets = await db.SearchTableSets.Select(set => new { set.Profile, set.NextProfile }).Distinct().ToListAsync(cancellationToken);
        return [.. sets.SelectMany(set => new[] { set.Profile, set.NextProfile }).OfType<string>().Distinct()];
    }

    private async Task LoadAsync(string profile, CancellationToken cancellationToken)
    {
        var models = modelSets.Of(profile).Models;
        if (models == modelSets.Default.Models || !_loaded.Add(profile))
            return;
        foreach (var role in Roles.Where(role => models.Has(role) && models.WhyUnavailable(role) is null))
            await models.LoadAsync(role).WaitAsync(cancellationToken);
        LogLoaded(logger, profile);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Loaded the models of profile {Profile}, which an index uses or is being switched to")]
    private static partial void LogLoaded(ILogger logger, string profile);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The models of switched indexes were not loaded: {Reason}")]
    private static partial void LogNotLoaded(ILogger logger, string reason);
}
