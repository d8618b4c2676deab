using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using VideoUnderstanding.Data.Configurations;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>The database tables. Times are UTC; ids have 24 hexadecimal digits (<see cref="ObjectIds"/>).</summary>
public sealed class VideoDbContext(DbContextOptions<VideoDbContext> options) : DbContext(options)
{
    public DbSet<Installation> Installations => Set<Installation>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<Node> Nodes => Set<Node>();
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<User> Users => Set<User>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<VideoIndex> Indexes => Set<VideoIndex>();
    public DbSet<Video> Videos => Set<Video>();
    public DbSet<IndexingTask> Tasks => Set<IndexingTask>();
    public DbSet<FrameVector> Frames => Set<FrameVector>();
    public DbSet<TextSegment> TextSegments => Set<TextSegment>();
    public DbSet<Logo> Logos => Set<Logo>();
    public DbSet<LogoVector> LogoVectors => Set<LogoVector>();
    public DbSet<LogoRegion> LogoRegions => Set<LogoRegion>();
    public DbSet<SoundMoment> SoundMoments => Set<SoundMoment>();
    public DbSet<SearchTableSet> SearchTableSets => Set<SearchTableSet>();
    public DbSet<GenerationVideo> GenerationVideos => Set<GenerationVideo>();
    public DbSet<ResultSet> ResultSets => Set<ResultSet>();
    public DbSet<ResultPage> ResultPages => Set<ResultPage>();
    public DbSet<Integration> Integrations => Set<Integration>();
    public DbSet<IntegrationFile> IntegrationFiles => Set<IntegrationFile>();
    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();
    public DbSet<WebhookEvent> WebhookEvents => Set<WebhookEvent>();
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();
    public DbSet<WebhookAttempt> WebhookAttempts => Set<WebhookAttempt>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("vector");
        modelBuilder.HasPostgresExtension("pg_trgm");
        modelBuilder.HasSequence<long>("attempt_tokens");
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(VideoDbContext).Assembly);
        modelBuilder.UseMetadataFunctions();
        modelBuilder.UseSnakeCaseNames();
    }
}

/// <summary>Creates the model for <c>dotnet ef migrations add</c>; nothing connects to this address.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<VideoDbContext>
{
    public VideoDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<VideoDbContext>();
        options.UseVideoDatabase("Host=localhost;Database=design");
        return new VideoDbContext(options.Options);
    }
}
