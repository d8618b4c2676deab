using System.Globalization;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Server.Health;

/// <summary>Loads and checks every configured model after the server has started, and missing models when their files appear. Reports the
/// results to <see cref="Readiness"/>; the server handles requests meanwhile.</summary>
public sealed partial class StartupModelCheck(
    ModelCheck check, ModelSet models, IQueryVectors vectors, Readiness readiness, TimeProvider clock, ILogger<StartupModelCheck> logger)
    : BackgroundService
{
    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Loading weights is slow and synchronous, and must not delay the start.
        await Task.Yield();
        readiness.Report(new HealthCheck("profile", true, models.Profile.Summary));
        IReadOnlyList<ModelRole> pending = models.Roles;
        var missing = new HashSet<ModelRole>();
        while (pending.Count > 0)
        {
            foreach (var role in pending)
            {
                // Recorded before the check, so that files that appear during the check are detected.
                if (models.WhyUnavailable(role) is null)
                    missing.Remove(role);
                else
                    missing.Add(role);
                await CheckAsync(role, stoppingToken);
            }
            readiness.ModelsChecked = true;
            foreach (var role in Enum.GetValues<EvidenceRole>().Where(role => pending.Contains(role.Model())))
                await PrepareScoresAsync(role, stoppingToken);
            pending = await WaitForFilesAsync(missing, stoppingToken);
        }
    }

    private async Task CheckAsync(ModelRole role, CancellationToken cancellationToken)
    {
        var result = await check.CheckAsync(role, cancellationToken);
        var health = ToHealthCheck(result, models.Dimensions(role));
        readiness.Report(health);
        if (health.Ok)
        {
            LogModelWorks(logger, role, result.ModelId, result.Provider, result.ItemsPerSecond ?? 0, result.Unit);
            if (role == ModelRole.Speech && models.Speech.FellBack)
                LogFallback(logger, result.Provider);
        }
        else
            LogModelFails(logger, role, health.Detail);
    }

    /// <summary>Waits until files of missing models appear, for example by <c>vu models fetch</c>.</summary>
    /// <returns>The models with new files; empty if no model is missing.</returns>
    private async Task<IReadOnlyList<ModelRole>> WaitForFilesAsync(IReadOnlySet<ModelRole> missing, CancellationToken cancellationToken)
    {
        while (missing.Count > 0)
        {
            if (missing.Where(role => models.WhyUnavailable(role) is null).ToList() is { Count: > 0 } available)
                return available;
            await Task.Delay(PollInterval, clock, cancellationToken);
        }
        return [];
    }

    /// <summary>Hashes the model's files and loads the generic captions, so that the first search does not wait for it.</summary>
    private async Task PrepareScoresAsync(EvidenceRole role, CancellationToken cancellationToken)
    {
        try
        {
            if (models.WhyUnavailable(role.Model()) is null && vectors.ScoresOf(role).NeedsNormalizedScore)
                await vectors.BankOfAsync(role, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // All exceptions are caught, as in ModelCheck: a model that fails must not stop the server. A search that needs it reports the
            // error again.
            LogModelFails(logger, role.Model(), error.Message);
        }
    }

    /// <param name="columnLength">Length of the stored vectors of the role; null for a role without vectors.</param>
    internal static HealthCheck ToHealthCheck(ModelCheckResult result, int? columnLength)
    {
        var name = $"model:{result.Role}";
        if (result.Failure is { } failure)
            return new HealthCheck(name, false, failure);
        if (columnLength is { } expected && result.VectorLength is { } length && length != expected)
            return new HealthCheck(name, false,
                $"Model {result.ModelId} makes vectors of length {length}, but the manifest and with it the database's column say "
                    + $"{expected}. Correct its dimensions in the manifest.");
        return new HealthCheck(name, true,
            string.Create(CultureInfo.InvariantCulture,
                $"{result.ModelId} on {result.Provider}, {result.ItemsPerSecond:0.#} {result.Unit} per second"));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Role}: model {Model} works on {Provider}, {Speed:0.#} {Unit} per second")]
    private static partial void LogModelWorks(ILogger logger, ModelRole role, string? model, string? provider, double speed, string unit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Speech runs on the CPU although this build can use a GPU: {Provider}")]
    private static partial void LogFallback(ILogger logger, string? provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Role} cannot be used: {Reason}")]
    private static partial void LogModelFails(ILogger logger, ModelRole role, string reason);
}
