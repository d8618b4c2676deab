using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>Contents of a backup. Written last, so that a folder without it is not a backup. docs/backup.md describes the
/// contents.</summary>
/// <param name="Format">Format version; this program reads only <see cref="CurrentFormat"/>.</param>
/// <param name="Migration">Newest migration of the database; a program without it is older than the backup.</param>
/// <param name="DatabaseBytes">Size of the database on disk, for the check of free space.</param>
/// <param name="Missing">Videos with rows but without files.</param>
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

    /// <summary>The files that belong to the data folder.</summary>
    public IEnumerable<BackupFile> DataFiles => Files.Where(file => file.Path != Dump);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="BackupException">There is no manifest, or it cannot be read.</exception>
    public static BackupManifest Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            throw new BackupException($"{folder} is not a complete backup: it has no {Name}. A backup that was interrupted ends in "
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
                        + $"the version that wrote it, or a newer one.");
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

    /// <summary>Whether a path may be part of a backup. A restore writes no other path.</summary>
    public static bool IsDataPath(string path) => DataPath().IsMatch(path);

    private static bool IsKnown(BackupFile? file)
        => file is { Path: not null, Sha256.Length: 64, Size: >= 0 } && (file.Path == Dump || IsDataPath(file.Path));

    private static BackupException Damaged(string path, Exception? why) => new($"{path} is damaged.", why);

    [GeneratedRegex(
        @"\A(?:(?:videos|transcripts|pictures)/[0-9a-f]{24}|thumbnails/[0-9a-f]{24}/[0-9]{1,12}\.jpeg)\z")]
    private static partial Regex DataPath();
}

/// <param name="Path">With forward slashes; below the backup for the dump, below its folder of files for all others.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">64 lower-case hexadecimal digits.</param>
public sealed record BackupFile(string Path, long Size, string Sha256, DateTimeOffset? Written = null);

/// <summary>A backup cannot be made or read. The message is a sentence for the operator and is shown unchanged.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
