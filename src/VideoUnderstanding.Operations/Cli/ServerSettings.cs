using VideoUnderstanding.Data;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Where settings come from: appsettings.json beside the executable, environment variables, then the command line.</summary>
public static class ServerSettings
{
    /// <summary>Services and settings of a verb that does not serve. Log messages are written to standard error, because the verb prints
    /// its results.</summary>
    /// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
    public static HostApplicationBuilder CreateQuietBuilder(IReadOnlyList<string> args)
    {
        // The server reads variables with this prefix, too: ASPNETCORE_ENVIRONMENT selects the same settings file for every verb.
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables("ASPNETCORE_");
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings
            {
                Args = [.. args], ContentRootPath = AppContext.BaseDirectory, Configuration = configuration,
            });
        builder.Logging.ClearProviders();
        LogToStandardError(builder.Logging);
        return builder;
    }

    /// <summary>Logs of what runs before there is a server.</summary>
    public static ILoggerFactory CreateQuietLogs() => LoggerFactory.Create(LogToStandardError);

    private static void LogToStandardError(ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddFilter(null, LogLevel.Warning)
        // Whoever asks the database hears of a failure as an exception; tables that are still to be made are none.
        .AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.Critical);

    public static void UseDatabase(this IHostApplicationBuilder builder, string connectionString)
        => builder.Configuration[$"ConnectionStrings:{DataRegistration.ConnectionName}"] = connectionString;

    /// <summary>Absolute path of the data folder, without a slash at its end.</summary>
    public static string DataFolder(this IConfiguration configuration)
        => Path.TrimEndingDirectorySeparator(
            Path.GetFullPath((configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions()).DataFolder));

    /// <summary>Tells the user which data folder a verb works on. Standard output is left to the results of the verb.</summary>
    /// <returns>The data folder.</returns>
    public static string StateDataFolder(this IConfiguration configuration)
    {
        var folder = configuration.DataFolder();
        Console.Error.WriteLine($"Data folder: {folder}");
        return folder;
    }

    public static EmbeddedDatabaseOptions EmbeddedDatabase(this IConfiguration configuration)
        => configuration.GetSection(EmbeddedDatabaseOptions.Section).Get<EmbeddedDatabaseOptions>() ?? new EmbeddedDatabaseOptions();

    /// <summary>A path that the user wrote, seen from where the user stood: the scripts change to the project's folder before they start
    /// the program. Without the slash that shells put behind a folder's name: the folder above and the names beside are made from
    /// it.</summary>
    public static string UserPath(string path) => Path.TrimEndingDirectorySeparator(
        Path.GetFullPath(path,
            Environment.GetEnvironmentVariable("VIDEOUNDERSTANDING_CALLER_FOLDER") is { Length: > 0 } folder ? folder
                : Environment.CurrentDirectory));
}
