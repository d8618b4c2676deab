using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Operations.Database;

/// <summary>The files of the embedded database.</summary>
public sealed class ClusterFolder(string dataFolder)
{
    /// <summary>Name of the database and of its owner.</summary>
    public const string Name = "video_understanding";

    /// <summary>Maximum bytes of the path: sun_path has 108 bytes on Linux, and PostgreSQL appends <c>/.s.PGSQL.5432</c>.</summary>
    private const int MaxSocketFolderBytes = 92;

    public string DataFolder { get; } = Path.GetFullPath(dataFolder);

    public string Cluster => Path.Combine(DataFolder, "postgres");

    /// <summary>initdb writes here; the folder is renamed when it is complete, so that an incomplete cluster is never used.</summary>
    public string Unfinished => Cluster + ".new";

    public bool Exists => File.Exists(Path.Combine(Cluster, "PG_VERSION"));

    /// <summary>Major version of PostgreSQL that created the cluster; null if there is none.</summary>
    public int? Major
        => Exists ? int.Parse(File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture) : null;

    public string Settings => Path.Combine(Cluster, "video-understanding.conf");

    public string StartLog => Path.Combine(Cluster, "start.log");

    private string PidFile => Path.Combine(Cluster, "postmaster.pid");

    private string PasswordFile => Path.Combine(DataFolder, "postgres.password");

    /// <summary>The cluster folder, or a shorter one if its path is too long for a socket's address.</summary>
    public string SocketFolder => Encoding.UTF8.GetByteCount(Cluster) <= MaxSocketFolderBytes
        ? Cluster
        : Path.Combine(Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp",
            "video-understanding-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Cluster)))[..16]);

    /// <summary>The running database according to its PID file; null if none runs on this cluster.</summary>
    /// <remarks>The file remains after a crash, and its process number may be in use by another process. So the process must have the
    /// cluster folder as working folder.</remarks>
    public RunningPostgres? Running()
    {
        try
        {
            var lines = File.ReadAllLines(PidFile);
            if (lines.Length < 5 || !int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id))
                return null;
            var workingFolder = new FileInfo($"/proc/{id}/cwd").LinkTarget;
            // A database that is just starting has not written its socket yet; it is in the configured folder.
            var socket = lines[4].Trim() is { Length: > 0 } written ? written : SocketFolder;
            return workingFolder == RealPath(Cluster)
                ? new RunningPostgres(id, lines[3].Trim(), socket, IsStopping: lines.Length > 7 && lines[7].Trim() == "stopping")
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Removes the PID file of a killed database, which would keep a new one from starting.</summary>
    public void RemoveStalePidFile()
    {
        if (Running() is null)
            File.Delete(PidFile);
    }

    public string ConnectionString(RunningPostgres running) => new DbConnectionStringBuilder
    {
        ["Host"] = running.SocketFolder,
        ["Port"] = running.Port,
        ["Username"] = Name,
        ["Password"] = Password(),
        ["Database"] = Name,
    }.ConnectionString;

    /// <summary>The owner's password, created at first use; readable only by the server's user.</summary>
    public string Password()
    {
        if (File.Exists(PasswordFile))
            return File.ReadAllText(PasswordFile).Trim();
        var password = RandomNumberGenerator.GetHexString(48, lowercase: true);
        PrivateFile.Write(PasswordFile, password);
        return password;
    }

    /// <summary>The last lines of the database's log, for the message of a failed start.</summary>
    public string LastLogLines()
    {
        var logs = new DirectoryInfo(Path.Combine(Cluster, "log")) is { Exists: true } folder ? folder.GetFiles() : [];
        var newest = logs.Append(new FileInfo(StartLog)).Where(file => file.Exists).MaxBy(file => file.LastWriteTimeUtc);
        return newest is null ? "" : string.Join('\n', File.ReadLines(newest.FullName).TakeLast(12));
    }

    /// <summary>The path without links, as /proc shows it.</summary>
    private static string RealPath(string path)
    {
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            real = Directory.ResolveLinkTarget(next, returnFinalTarget: true)?.FullName is { } target ? RealPath(target) : next;
        }
        return real;
    }
}

/// <summary>A running database process.</summary>
/// <param name="ProcessId">Process number of the postmaster.</param>
/// <param name="IsStopping">It is shutting down and accepts no connections.</param>
public sealed record RunningPostgres(int ProcessId, string Port, string SocketFolder, bool IsStopping)
{
    /// <summary>True if a process of the database still serves a connection.</summary>
    public bool HasBackends()
        => Directory.EnumerateDirectories("/proc").Any(process => int.TryParse(Path.GetFileName(process), out _) && IsBackend(process));

    /// <summary>The process title of a backend contains user and database of the connection.</summary>
    private bool IsBackend(string process)
    {
        try
        {
            // The name of the program is in brackets and may contain blanks; the second field after it is the parent.
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            return int.TryParse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], out var parent)
                && parent == ProcessId
                && File.ReadAllText(Path.Combine(process, "cmdline")).Contains($"{ClusterFolder.Name} {ClusterFolder.Name} ",
                    StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // The process has ended meanwhile.
            return false;
        }
    }
}
