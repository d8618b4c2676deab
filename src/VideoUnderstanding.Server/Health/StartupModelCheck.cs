using System.Globalization;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Server.Health;

/// <summary>Loads and tries every configured model after the server has started, and models that are fetched later when their files are
/// there. Reports the results to <see cref="Readiness"/>; the server answers meanwhile.</summary>
public sealed partial class StartupModelCheck(
    ModelCheck check, ModelSet models, IQueryVectors vectors, Readiness readiness, TimeProvider clock, ILogger<StartupModelCheck> logger)
    : BackgroundService
{
    internal static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Loading weights is long and synchronous; the start must not wait for it.
        await Task.Yield();
        readiness.Report(new HealthCheck("profile", true, models.Profile.Summary));
        IReadOnlyList<ModelRole> untried = models.Roles;
        var missing = new HashSet<ModelRole>();
        while (untried.Count > 0)
        {
            foreach (var role in untried)
            {
                // Before the trial, so that files which arrive during it or after it are not overlooked.
                if (models.WhyUnavailable(role) is null)
                    missing.Remove(role);
                else
                    missing.Add(role);
                await TryAsync(role, stoppingToken);
            }
            readiness.ModelsChecked = true;
            foreach (var role in Enum.GetValues<EvidenceRole>().Where(role => untried.Contains(role.Model())))
                await PrepareScoresAsync(role, stoppingToken);
            untried = await ArrivedAsync(missing, stoppingToken);
        }
    }

    private async Task TryAsync(ModelRole role, CancellationToken cancellationToken)
    {
        var result = await check.CheckAsync(role, cancellationToken);
        var found = Judge(result, models.Dimensions(role));
        readiness.Report(found);
        if (found.Ok)
        {
            LogWorks(logger, role, result.ModelId, result.Provider, result.ItemsPerSecond ?? 0, result.Unit);
            if (role == ModelRole.Speech && models.Speech.FellBack)
                LogFallback(logger, result.Provider);
        }
        else
            LogFails(logger, role, found.Detail);
    }

    /// <summary>Waits until files of missing models have arrived, for example by <c>vu models fetch</c>.</summary>
    /// <returns>The models with new files; none if none is missing.</returns>
    private async Task<IReadOnlyList<ModelRole>> ArrivedAsync(IReadOnlySet<ModelRole> missing, CancellationToken cancellationToken)
    {
        while (missing.Count > 0)
        {
            if (missing.Where(role => models.WhyUnavailable(role) is null).ToList() is { Count: > 0 } arrived)
                return arrived;
            await Task.Delay(BetweenLooks, clock, cancellationToken);
        }
        return [];
    }

    /// <summary>Hashes the model's files and reads the generic captions now, so that the first search need not wait for it.</summary>
    private async Task PrepareScoresAsync(EvidenceRole role, CancellationToken cancellationToken)
    {
        try
        {
            if (models.WhyUnavailable(role.Model()) is null && vectors.ScoresOf(role).NeedsNormalizedScore)
                await vectors.BankOfAsync(role, cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever it is, as in ModelCheck: a model that loads but does not run must not take the server with it. A search that needs
            // it will say so again.
            LogFails(logger, role.Model(), error.Message);
        }
    }

    /// <param name="columnLength">Length of the vectors the database keeps for the role; null for a role without vectors.</param>
    internal static HealthCheck Judge(ModelCheckResult result, int? columnLength)
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
    private static partial void LogWorks(ILogger logger, ModelRole role, string? model, string? provider, double speed, string unit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Speech runs on the CPU although this build can use a GPU: {Provider}")]
    private static partial void LogFallback(ILogger logger, string? provider);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Role} can not be used: {Reason}")]
    private static partial void LogFails(ILogger logger, ModelRole role, string reason);
}
