using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace VideoUnderstanding.IntegrationTests.Transfers;

/// <summary>A real S3-compatible server (the program in tests/s3) with its own port and folder. Use it as a class fixture.</summary>
public sealed class ObjectHost : IAsyncLifetime
{
    public const string Bucket = "raw";

    /// <summary>An empty bucket for the file storage of a server.</summary>
    public const string FileBucket = "files";

    /// <summary>The access key and the secret key; the server accepts no others.</summary>
    public const string Key = "S3RVER";

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-objects-").FullName;
    private Process? _node;
    private AmazonS3Client? _client;

    public string Address { get; private set; } = "";

    /// <summary>Start of the command line of the program, for example to run it in a network namespace.</summary>
    public IReadOnlyList<string> Launcher { get; init; } = [];

    /// <summary>Address at which the program listens.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Folder of <see cref="FileBucket"/>. Each object is a file, whose time of writing is that of the object.</summary>
    public string FileFolder => Path.Combine(_folder, FileBucket);

    public async ValueTask InitializeAsync()
    {
        var program = Program();
        string[] command = [.. Launcher, "node", program, _folder, Bucket, FileBucket];
        _node = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, Environment = { ["S3_HOST"] = Host },
        })!;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var port = await _node.StandardOutput.ReadLineAsync(timeout.Token)
            ?? throw new InvalidOperationException("The S3-compatible server did not start.");
        Address = $"http://{Host}:{port}";
        _client = new AmazonS3Client(new BasicAWSCredentials(Key, Key), new AmazonS3Config
        {
            ServiceURL = Address,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_node is not null)
        {
            // The program exits at the end of its standard input.
            _node.StandardInput.Close();
            await _node.WaitForExitAsync();
            _node.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Uploads the file to the bucket.</summary>
    public Task PutAsync(string key, string path)
        => _client!.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, FilePath = path, UseChunkEncoding = false });

    public Task PutTextAsync(string key, string text)
        => _client!.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = text, UseChunkEncoding = false });

    /// <summary>Returns settings of an integration that may read every bucket.</summary>
    /// <param name="changes">Settings that replace the defaults; null removes one.</param>
    public Dictionary<string, string?> Settings(params (string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Buckets:0"] = "*", ["Endpoint"] = Address, ["PathStyle"] = "true", ["AccessKey"] = Key, ["SecretKey"] = Key,
            ["AllowPrivateNetwork"] = "true",
        };
        foreach (var (name, value) in changes)
            settings[name] = value;
        return settings.ToDictionary(setting => $"VideoUnderstanding:Transfers:Integrations:tests:{setting.Key}", setting => setting.Value);
    }

    /// <summary>Returns settings of a server that stores its files in <see cref="FileBucket"/>.</summary>
    public Dictionary<string, string?> StorageSettings(string prefix = "") => new()
    {
        ["VideoUnderstanding:Storage:Bucket:Name"] = FileBucket,
        ["VideoUnderstanding:Storage:Bucket:Prefix"] = prefix,
        ["VideoUnderstanding:Storage:Bucket:Endpoint"] = Address,
        ["VideoUnderstanding:Storage:Bucket:PathStyle"] = "true",
        ["VideoUnderstanding:Storage:Bucket:AccessKey"] = Key,
        ["VideoUnderstanding:Storage:Bucket:SecretKey"] = Key,
    };

    /// <summary>Returns the sorted keys in <see cref="FileBucket"/> that start with the prefix.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string prefix = "")
    {
        var keys = new List<string>();
        await foreach (var file in _client!.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = FileBucket, Prefix = prefix })
            .S3Objects)
            keys.Add(file.Key);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Deletes an object of <see cref="FileBucket"/>.</summary>
    public Task DeleteAsync(string key) => _client!.DeleteObjectAsync(FileBucket, key);

    /// <summary>Starts a multipart upload to <see cref="FileBucket"/> and does not finish it, like a killed server.</summary>
    public Task BeginUploadAsync(string key) => _client!.InitiateMultipartUploadAsync(FileBucket, key);

    /// <summary>Returns the keys of the unfinished uploads to <see cref="FileBucket"/>.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedAsync(string prefix)
    {
        var page = await _client!.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = FileBucket, Prefix = prefix });
        return [.. (page.MultipartUploads ?? []).Select(upload => upload.Key)];
    }

    private static string Program()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "tests", "s3") is var found && File.Exists(Path.Combine(found, "server.js")))
                return Directory.Exists(Path.Combine(found, "node_modules"))
                    ? Path.Combine(found, "server.js")
                    : throw new InvalidOperationException(
                        "The S3-compatible server of the tests is not installed: ./test.sh does it, or npm ci in tests/s3.");
        throw new InvalidOperationException("There is no tests/s3/server.js above the tests.");
    }
}
