using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>What a backup holds. Written last, so that a backup without it is none. docs/backup.md shows the form.</summary>
/// <param name="Format">Number of the form: this program reads <see cref="CurrentFormat"/> alone.</param>
/// <param name="Migration">The newest change of the tables; a program that does not know it is older than the backup.</param>
/// <param name="DatabaseBytes">Size of the database on disk, for the look at free space.</param>
/// <param name="Missing">Videos whose rows were there but whose files were not.</param>
public sealed partial record BackupManifest(
    int Format, DateTimeOffset CreatedAt, string ServerVersion, string Postgres, int DumpMajor, string Vector, string Migration,
    long DatabaseBytes,
    IReadOnlyList<string> Missing, IReadOnlyList<BackupFile> Files)
{
    public const int CurrentFormat = 1;
    public const string Name = "manifest.json";
    public const string Dump = "database.dump";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true,
    };

    public static string ThisServer
        => typeof(BackupManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The files of the data folder among the files.</summary>
    public IEnumerable<BackupFile> DataFiles => Files.Where(file => file.Path != Dump);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="BackupException">There is none, or not one that this program reads.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            throw new BackupException($"{folder} is no whole backup: it has no {Name}. A backup that was interrupted ends in "
                + $"\"{BackupWriter.Unfinished}\" and can be removed.");
        try
        {
            var bytes = File.ReadAllBytes(path);
            using (var document = JsonDocument.Parse(bytes))
            {
                if (!document.RootElement.TryGetProperty("format", out var format) || !format.TryGetInt32(out var number)
                    || number != CurrentFormat)
                    throw new BackupException($"The backup {folder} has the format "
                        + $"{(format.ValueKind == JsonValueKind.Undefined ? "?" : format)}, and this program reads {CurrentFormat}. Use "
                        + $"the version that made it, or a newer one.");
            }
            var manifest = JsonSerializer.Deserialize<BackupManifest>(bytes, Json)!;
            if (manifest is { Migration: not null, Files: not null, Missing: not null } && manifest.Files.All(IsKnown)
                && manifest.Files.Count(file => file.Path == Dump) == 1)
                return manifest;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw Damaged(path, damaged);
        }
        throw Damaged(path, null);
    }

    /// <summary>Whether a file of the data folder belongs into a backup, and may be put back to its place by one: nothing else is written
    /// by a restore.</summary>
    public static bool IsDataPath(string path) => DataPath().IsMatch(path);

    private static bool IsKnown(BackupFile? file)
        => file is { Path: not null, Sha256.Length: 64, Size: >= 0 } && (file.Path == Dump || IsDataPath(file.Path));

    private static BackupException Damaged(string path, Exception? why) => new($"{path} is damaged.", why);

    [GeneratedRegex(
        @"\A(?:(?:videos|transcripts)/[0-9a-f]{24}|thumbnails/[0-9a-f]{24}/[0-9]{1,"
            + @"12}\.jpeg|signing-key|dashboard-password|dashboard-keys/[0-9a-f]{32}\.xml)\z")]
    private static partial Regex DataPath();
}

/// <param name="Path">Below the backup for the dump, below its folder of files for all others; forward slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record BackupFile(string Path, long Size, string Sha256, DateTimeOffset? Written = null);
