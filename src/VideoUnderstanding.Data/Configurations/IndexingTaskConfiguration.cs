using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data.Configurations;

internal sealed class IndexingTaskConfiguration : IEntityTypeConfiguration<IndexingTask>
{
    public void Configure(EntityTypeBuilder<IndexingTask> task)
    {
        task.ToTable("indexing_tasks");
        task.HasOne<Account>().WithMany().HasForeignKey(row => row.AccountId).OnDelete(DeleteBehavior.Cascade);
        task.HasOne<VideoIndex>().WithMany().HasForeignKey(row => row.IndexId).OnDelete(DeleteBehavior.Cascade);
        task.Property(row => row.State).HasConversion(LowerCase.Of<TaskState>());
        task.HasIndex(row => new { row.AccountId, row.CreatedAt });
        task.HasIndex(row => new { row.IndexId, row.State });
        // No foreign key: a task remains after its video is deleted.
        task.HasIndex(row => row.VideoId);
        task.HasIndex(row => row.State);
        // Hash index, because URLs can exceed the size of a B-tree entry.
        task.HasIndex(row => row.VideoUrl).HasMethod("hash");
    }
}
