using Npgsql;
using VideoUnderstanding.Operations.Backups;

namespace VideoUnderstanding.UnitTests.Operations.Backups;

public sealed class BackupPartsTests
{
    [Theory]
    [InlineData("videos/64007e509a4b2f0c1d3e5c20")]
    [InlineData("thumbnails/64007e509a4b2f0c1d3e5c20/2500.jpeg")]
    [InlineData("pictures/64007e509a4b2f0c1d3e5c20")]
    public void Files_of_the_data_folder_are_part_of_a_backup(string path) => Assert.True(BackupManifest.IsDataPath(path));

    [Theory]
    [InlineData("../installation")]
    [InlineData("installation")]
    [InlineData("/etc/passwd")]
    [InlineData("videos/../../x")]
    [InlineData("videos/64007e509a4b2f0c1d3e5c20/more")]
    [InlineData("videos/64007e509a4b2f0c1d3e5c20\n")]
    [InlineData("postgres/PG_VERSION")]
    [InlineData("postgres.password")]
    [InlineData("streams/64007e509a4b2f0c1d3e5c20/0.ts")]
    [InlineData("incoming/64007e509a4b2f0c1d3e5c20")]
    public void Nothing_else_is_written_by_a_restore(string path) => Assert.False(BackupManifest.IsDataPath(path));

    [Fact]
    public void The_tools_have_the_version_of_the_server_or_the_next_newer_one()
    {
        DumpTools[] installed = [new("/17", 17), new("/16", 16), new("/15", 15)];

        Assert.Equal("/16", DumpTools.Choose(installed, 16).Folder);
        Assert.Equal("/15", DumpTools.Choose(installed, 14).Folder);
        Assert.Contains("postgresql-client-18", Assert.Throws<BackupException>(() => DumpTools.Choose(installed, 18)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_connection_string_of_the_tools_contains_no_password()
    {
        using var address = new LibpqAddress(
            "Host=db.example.org;Port=6432;Username=it's me;Password=hush;Database=videos;SSL Mode=VerifyFull");

        Assert.StartsWith("host='db.example.org' port='6432' user='it\\'s me' dbname='videos' passfile='", address.Text,
            StringComparison.Ordinal);
        Assert.EndsWith("sslmode='verify-full'", address.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", address.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_password_no_password_file_is_named()
        => Assert.DoesNotContain("passfile", LibpqAddress.Write(new NpgsqlConnectionStringBuilder("Host=/run/cluster;Username=me"), null),
            StringComparison.Ordinal);

    [Fact]
    public void Only_extension_comments_are_left_out_of_a_restore()
        => Assert.Equal("2; 3079 16386 EXTENSION - vector\n9; 0 0 COMMENT public COLUMN frame_vectors.embedding me",
            DumpTools.WithoutExtensionComments("2; 3079 16386 EXTENSION - vector\n3455; 0 0 COMMENT - EXTENSION vector \n9; 0 0 COMMENT "
                + "public COLUMN frame_vectors.embedding me"));
}

public sealed class BackupSpaceTests
{
    [Fact]
    public void Too_little_space_is_reported_before_anything_is_written()
    {
        BackupWriter.RequireFreeSpace(Path.GetTempPath(), 0);
        var error = Assert.Throws<BackupException>(() => BackupWriter.RequireFreeSpace(Path.GetTempPath(), long.MaxValue));
        Assert.Contains("are needed", error.Message);
    }
}
