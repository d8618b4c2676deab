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
        // The queue (TaskQueue): small, because tasks that have ended are not part of these indexes.
        task.HasIndex(row => new { row.AccountId, row.CreatedAt, row.Id }).HasDatabaseName("ix_indexing_tasks_waiting")
            .HasFilter(TaskConditions.Waiting);
        task.HasIndex(row => row.AccountId).HasDatabaseName("ix_indexing_tasks_running").HasFilter(TaskConditions.Running);
        task.HasIndex(row => row.RetryAt).HasFilter("retry_at IS NOT NULL");
        // Hash index, because URLs can exceed the size of a B-tree entry.
        task.HasIndex(row => row.VideoUrl).HasMethod("hash");
    }
}
