using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

public sealed class VideoDbContext(DbContextOptions<VideoDbContext> options) : DbContext(options)
{
    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<VideoIndex> Indexes => Set<VideoIndex>();
    public DbSet<Video> Videos => Set<Video>();
    public DbSet<IndexingTask> Tasks => Set<IndexingTask>();
    public DbSet<FrameVector> Frames => Set<FrameVector>();
    public DbSet<TextSegment> TextSegments => Set<TextSegment>();
    public DbSet<ResultSet> ResultSets => Set<ResultSet>();
}
