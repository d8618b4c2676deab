using Npgsql;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Operations.Backups;

/// <summary>A connection string in the format of PostgreSQL's tools. The password is passed in a file, because other users can see
/// arguments.</summary>
internal sealed class LibpqAddress : IDisposable
{
    private readonly string? _passwordFile;

    public LibpqAddress(string connectionString)
    {
        var from = new NpgsqlConnectionStringBuilder(connectionString);
        if (from.Password is { Length: > 0 } password)
        {
            _passwordFile = Path.Combine(Path.GetTempPath(), $"vu-{Guid.NewGuid():N}");
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode };
            using var writer = new StreamWriter(_passwordFile, options);
            writer.WriteLine(
                $"*:*:*:*:{password.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal)}");
        }
        Text = Write(from, _passwordFile);
    }

    public string Text { get; }

    internal static string Write(NpgsqlConnectionStringBuilder from, string? passwordFile)
    {
        (string Name, string? Value)[] parts =
        [
            ("host", from.Host), ("port", from.Port == NpgsqlConnection.DefaultPort ? null : $"{from.Port}"), ("user", from.Username),
            ("dbname", from.Database ?? from.Username),
            ("passfile", passwordFile ?? from.Passfile), ("sslrootcert", from.RootCertificate), ("sslcert", from.SslCertificate),
            ("sslkey", from.SslKey),
            ("sslmode",
                from.SslMode switch
                {
                    SslMode.VerifyCA => "verify-ca",
                    SslMode.VerifyFull => "verify-full",
                    var mode => mode.ToString().ToLowerInvariant(),
                }),
        ];
        return string.Join(' ',
            parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}='{Quoted(part.Value!)}'"));
    }

    public void Dispose()
    {
        if (_passwordFile is not null)
            File.Delete(_passwordFile);
    }

    private static string Quoted(string value)
        => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
}
